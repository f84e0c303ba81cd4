variable "region" {
  type        = string
  description = "The AWS region, such as eu-central-1."
}

variable "alarm_email" {
  type        = string
  description = "Who is told when collecting stalls. AWS sends a mail that must be confirmed once."

  validation {
    condition     = can(regex("^[^@\\s]+@[^@\\s]+\\.[^@\\s]+$", var.alarm_email))
    error_message = "alarm_email must be an e-mail address."
  }
}

variable "name" {
  type        = string
  default     = "tracklog"
  description = "Names every resource, the secret and the image repository."

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{1,18}[a-z0-9]$", var.name)) && !strcontains(var.name, "--")
    error_message = "name must be 3 to 20 lower-case letters, digits and single hyphens, and start with a letter."
  }
}

variable "architecture" {
  type        = string
  default     = "arm64"
  description = "The processor of the instance and of the image that you push: arm64 or x86_64."

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "architecture must be arm64 or x86_64."
  }
}

variable "instance_type" {
  type        = string
  default     = null
  description = "1 GiB of memory is enough. Default: t4g.micro for arm64, t3.micro for x86_64."
}

variable "image_tag" {
  type        = string
  default     = "latest"
  description = "The tag of the image in the repository that this configuration creates."

  validation {
    condition     = can(regex("^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,127}$", var.image_tag))
    error_message = "image_tag must be the tag of a container image, such as latest or 0.1.0."
  }
}

variable "data_gib" {
  type        = number
  default     = 10
  description = "Size of the data volume in GiB. It can grow later; the file system grows with it at the next start."

  validation {
    condition     = var.data_gib >= 4 && floor(var.data_gib) == var.data_gib
    error_message = "data_gib must be a whole number of at least 4."
  }
}

variable "data_snapshot" {
  type        = string
  default     = null
  description = "Create the data volume from this snapshot (snap-...). Read only when the volume is created; see docs/aws.md."
}

variable "database" {
  type        = string
  default     = "embedded"
  description = "embedded: PostgreSQL inside the container, on the data volume. rds: Amazon RDS, which Looker Studio can reach."

  validation {
    condition     = contains(["embedded", "rds"], var.database)
    error_message = "database must be embedded or rds."
  }
}

variable "reader_cidrs" {
  type        = set(string)
  default     = []
  description = "Opens port 5432 of the RDS database, TLS only, to these IPv4 networks, for a BI tool such as Looker Studio. Empty: closed."

  validation {
    condition     = length(var.reader_cidrs) == 0 || var.database == "rds"
    error_message = "reader_cidrs needs database = \"rds\": the embedded database is never reachable from outside."
  }

  # A /20 is the widest, so that 0.0.0.0/0 cannot come in two halves either.
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
  description = "Turns JMX on at port 9010 of the instance's loopback. Whoever has a shell on the instance can then run code in Tracklog."
}

variable "settings" {
  type        = map(string)
  default     = {}
  description = "Further settings of Tracklog (docs/configuration.md), such as TIME_ZONE. Secrets belong in the secret, not here."

  validation {
    condition = alltrue([
      for name in keys(var.settings) :
      can(regex("^[A-Z][A-Z0-9_]*$", name)) && !can(regex("(SECRET|PASSWORD|TOKEN|KEY|CLIENT_ID)", name))
    ])
    error_message = "settings takes names like TIME_ZONE and no secrets: what is given here is stored in the Terraform state. Put secrets into the secret (output store_secrets)."
  }

  validation {
    condition = length(setintersection(keys(var.settings), [
      "AWS_REGION", "AWS_SECRET_NAME", "DATABASE_URL", "DATABASE_USER", "DATA_DIR", "HTTP_HOST", "JMX_PORT",
      "S3_BUCKET", "S3_REGION",
    ])) == 0
    error_message = "settings may not repeat what this configuration sets: AWS_REGION, AWS_SECRET_NAME, DATABASE_URL, DATABASE_USER, DATA_DIR, HTTP_HOST, JMX_PORT, S3_BUCKET, S3_REGION."
  }

  validation {
    condition     = alltrue([for value in values(var.settings) : !can(regex("[\\r\\n]", value))])
    error_message = "A value in settings may not contain a line break."
  }
}
