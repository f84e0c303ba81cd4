variable "region" {
  type        = string
  description = "The AWS region, such as eu-central-1."
}

variable "alarm_email" {
  type        = string
  description = "E-mail address for alarms. AWS sends a mail that you must confirm once."

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address."
  }
}

variable "name" {
  type        = string
  default     = "tracklog"
  description = "Name of every resource, of the secret and of the image repository."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 3 to 20 lower-case letters, digits and single hyphens, and start with a letter."
  }
}

variable "architecture" {
  type        = string
  default     = "arm64"
  description = "Processor of the instance and of the image: arm64 or x86_64."

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "instance_type" {
  type        = string
  default     = null
  description = "EC2 instance type; 1 GiB of memory is enough. Default: t4g.micro for arm64, t3.micro for x86_64."
}

variable "image_tag" {
  type        = string
  default     = "latest"
  description = "Tag of the image in the repository that this configuration creates."

  validation {
    condition     = can(regex("^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$", var.image_tag))
    error_message = "image_tag must be the tag of a container image, such as latest or 0.1.0."
  }
}

variable "data_gib" {
  type        = number
  default     = 10
  description = "Size of the data volume in GiB. You can raise it later; the file system grows at the next start."

  validation {
    condition     = var.data_gib >= 4 && floor(var.data_gib) == var.data_gib
    error_message = "data_gib must be a whole number of at least 4."
  }
}

variable "data_snapshot" {
  type        = string
  default     = null
  description = "Snapshot (snap-...) from which the data volume is created. See docs/aws.md, Restoring a snapshot."
}

variable "database" {
  type        = string
  default     = "embedded"
  description = "embedded: PostgreSQL in the container, on the data volume. rds: Amazon RDS, which Looker Studio can reach."

  validation {
    condition     = contains(["embedded", "rds"], var.database)
    error_message = "database must be embedded or rds."
  }
}

variable "reader_cidrs" {
  type        = set(string)
  default     = []
  description = "IPv4 networks that can connect to port 5432 of RDS, with TLS only, for example Looker Studio. Empty: none."

  validation {
    condition     = length(var.reader_cidrs) == 0 || var.database == "rds"
    error_message = "reader_cidrs needs database = \"rds\": the embedded database is never reachable from outside."
  }

  # The widest network is a /20, so that 0.0.0.0/0 cannot be given in two halves either.
  validation {
    condition = alltrue([
      for cidr in var.reader_cidrs :
      can(cidrnetmask(cidr)) && try(tonumber(split("/", cidr)[1]) >= 20, false)
    ])
    error_message = "reader_cidrs must be IPv4 networks of /20 or narrower, such as 203.0.113.7/32; 0.0.0.0/0 and ::/0 are never accepted."
  }

  validation {
    condition     = alltrue([for cidr in var.reader_cidrs : try(cidrhost(cidr, 0) == split("/", cidr)[0], true)])
    error_message = "reader_cidrs must begin at the first address of their network: 203.0.113.0/24, not 203.0.113.7/24."
  }

  validation {
    condition     = length(var.reader_cidrs) <= 10
    error_message = "reader_cidrs may name 10 networks at most."
  }
}

variable "jmx" {
  type        = bool
  default     = false
  description = "Turns JMX on, at port 9010 of the instance's loopback. Any user with a shell can then run code in Tracklog."
}

variable "settings" {
  type        = map(string)
  default     = {}
  description = "Further settings of Tracklog (docs/configuration.md), such as TIME_ZONE. Do not put secrets here."

  validation {
    condition = alltrue([
      for name in keys(var.settings) :
      can(regex("^[A-Z][A-Z0-9_]*$", name)) && !can(regex("(SECRET|PASSWORD|TOKEN|KEY|CLIENT_ID)", name))
    ])
    error_message = "settings takes names like TIME_ZONE and no secrets, because the Terraform state stores them. Put secrets into the secret (output store_secrets)."
  }

  validation {
    condition = length(setintersection(keys(var.settings), [
      "AWS_REGION", "AWS_SECRET_NAME", "DATABASE_URL", "DATABASE_USER", "DATA_DIR", "HTTP_HOST", "JMX_PORT",
      "S3_BUCKET", "S3_REGION",
    ])) == 0
    error_message = "settings may not contain what this configuration sets: AWS_REGION, AWS_SECRET_NAME, DATABASE_URL, DATABASE_USER, DATA_DIR, HTTP_HOST, JMX_PORT, S3_BUCKET, S3_REGION."
  }

  validation {
    condition     = alltrue([for value in values(var.settings) : !can(regex("[\\r\\n]", value))])
    error_message = "A value in settings may not contain a line break."
  }
}
