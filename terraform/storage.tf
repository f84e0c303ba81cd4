# The data volume holds the embedded database, the inbox and the keys. It is independent of the instance.
resource "aws_ebs_volume" "data" {
  availability_zone = aws_subnet.instance.availability_zone
  type              = "gp3"
  size              = var.data_gib
  snapshot_id       = var.data_snapshot
  encrypted         = true

  tags = {
    Name          = "${var.name}-data"
    DailySnapshot = var.name
  }

  lifecycle {
    prevent_destroy = true
    ignore_changes  = [snapshot_id]
  }
}

# A snapshot equals the disk after a power failure. PostgreSQL recovers from it in the same way.
resource "aws_dlm_lifecycle_policy" "snapshots" {
  description        = "${var.name} daily snapshots"
  state              = "ENABLED"
  execution_role_arn = aws_iam_role.snapshots.arn

  policy_details {
    resource_types = ["VOLUME"]
    target_tags    = { DailySnapshot = var.name }

    schedule {
      name      = "daily"
      copy_tags = true

      create_rule {
        interval      = 24
        interval_unit = "HOURS"
        times         = ["03:00"]
      }

      retain_rule {
        count = 14
      }
    }
  }
}

# history/ contains documents to import, done/ and failed/ processed ones, raw/ Spotify's responses, backup/ backups.
resource "aws_s3_bucket" "tracklog" {
  bucket_prefix = "${var.name}-"
  force_destroy = false
}

resource "aws_s3_bucket_public_access_block" "tracklog" {
  bucket                  = aws_s3_bucket.tracklog.id
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_ownership_controls" "tracklog" {
  bucket = aws_s3_bucket.tracklog.id

  rule {
    object_ownership = "BucketOwnerEnforced"
  }
}

resource "aws_s3_bucket_versioning" "tracklog" {
  bucket = aws_s3_bucket.tracklog.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_server_side_encryption_configuration" "tracklog" {
  bucket = aws_s3_bucket.tracklog.id

  rule {
    apply_server_side_encryption_by_default {
      sse_algorithm = "AES256"
    }
  }
}

resource "aws_s3_bucket_policy" "tracklog" {
  bucket     = aws_s3_bucket.tracklog.id
  depends_on = [aws_s3_bucket_public_access_block.tracklog]

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [
      {
        Sid       = "TlsOnly"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.tracklog.arn, "${aws_s3_bucket.tracklog.arn}/*"]
        Condition = { Bool = { "aws:SecureTransport" = "false" } }
      },
      {
        Sid       = "Tls12AtLeast"
        Effect    = "Deny"
        Principal = "*"
        Action    = "s3:*"
        Resource  = [aws_s3_bucket.tracklog.arn, "${aws_s3_bucket.tracklog.arn}/*"]
        Condition = { NumericLessThan = { "s3:TlsVersion" = "1.2" } }
      },
    ]
  })
}

# Documents and raw responses are kept forever. They are small, so another storage class would cost more than it saves.
resource "aws_s3_bucket_lifecycle_configuration" "tracklog" {
  bucket     = aws_s3_bucket.tracklog.id
  depends_on = [aws_s3_bucket_versioning.tracklog]

  rule {
    id     = "overwritten-and-deleted"
    status = "Enabled"

    filter {}

    noncurrent_version_expiration {
      noncurrent_days = 90
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 7
    }
  }

  rule {
    id     = "old-backups"
    status = "Enabled"

    filter {
      prefix = "backup/"
    }

    expiration {
      days = 90
    }
  }
}

# Creates only the secret. You store its value by hand (output store_secrets), so it is not in the Terraform state.
resource "aws_secretsmanager_secret" "tracklog" {
  name                    = var.name
  description             = "Tracklog: SPOTIFY_CLIENT_ID, SPOTIFY_CLIENT_SECRET and the other keys in docs/aws.md"
  recovery_window_in_days = 30
}

resource "aws_ecr_repository" "tracklog" {
  name                 = var.name
  image_tag_mutability = "MUTABLE" # To upgrade, push the same tag and restart.

  image_scanning_configuration {
    scan_on_push = true
  }
}

resource "aws_ecr_lifecycle_policy" "tracklog" {
  repository = aws_ecr_repository.tracklog.name

  policy = jsonencode({
    rules = [{
      rulePriority = 1
      description  = "Keep the last five images"
      selection    = { tagStatus = "any", countType = "imageCountMoreThan", countNumber = 5 }
      action       = { type = "expire" }
    }]
  })
}
