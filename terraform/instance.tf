locals {
  instance_type = coalesce(var.instance_type, var.architecture == "arm64" ? "t4g.micro" : "t3.micro")
  image         = "${aws_ecr_repository.tracklog.repository_url}:${var.image_tag}"
  database_host = local.rds ? aws_db_instance.tracklog[0].address : ""

  # The Terraform state contains all of this, so it must not contain a secret.
  environment = merge(
    var.settings,
    {
      AWS_REGION      = var.region
      AWS_SECRET_NAME = aws_secretsmanager_secret.tracklog.name
      HTTP_HOST       = "127.0.0.1"
      S3_BUCKET       = aws_s3_bucket.tracklog.bucket
      S3_REGION       = var.region
    },
    var.jmx ? { JMX_PORT = "9010" } : {},
    local.rds ? {
      DATABASE_URL  = "jdbc:postgresql://${local.database_host}:5432/tracklog?sslmode=verify-full&sslrootcert=/etc/tracklog/rds-ca.pem"
      DATABASE_USER = "tracklog"
    } : {},
  )

  # Read by the scripts of the host.
  host = merge(
    {
      AWS_REGION  = var.region
      DATA_VOLUME = aws_ebs_volume.data.id
      NAME        = var.name
    },
    local.rds ? {
      APP_SECRET    = aws_secretsmanager_secret.tracklog.name
      MASTER_SECRET = aws_db_instance.tracklog[0].master_user_secret[0].secret_arn
      PGHOST        = local.database_host
    } : {},
  )

  scripts = concat(["mount-data", "heartbeat"], local.rds ? ["prepare-database"] : [])

  files = concat(
    [
      for script in local.scripts : {
        path        = "/usr/local/sbin/${script}"
        permissions = "0755"
        content     = file("${path.module}/instance/${script}")
      }
    ],
    [
      for unit in ["tracklog-heartbeat.service", "tracklog-heartbeat.timer"] : {
        path        = "/etc/systemd/system/${unit}"
        permissions = "0644"
        content     = file("${path.module}/instance/${unit}")
      }
    ],
    [
      {
        path        = "/etc/tracklog/host.env"
        permissions = "0644"
        content     = join("", [for name, value in local.host : "${name}=${value}\n"])
      },
      {
        path        = "/etc/tracklog/tracklog.env"
        permissions = "0644"
        content     = join("", [for name, value in local.environment : "${name}=${value}\n"])
      },
      {
        # The helper requests a token at each pull with the instance's role, so none is stored.
        path        = "/etc/tracklog/docker/config.json"
        permissions = "0644"
        content     = jsonencode({ credHelpers = { (split("/", local.image)[0]) = "ecr-login" } })
      },
      {
        path        = "/etc/systemd/system/tracklog.service"
        permissions = "0644"
        content = templatefile("${path.module}/instance/tracklog.service.tftpl", {
          image  = local.image
          log    = aws_cloudwatch_log_group.tracklog.name
          rds    = local.rds
          region = var.region
        })
      },
    ],
  )

  user_data = "#cloud-config\n${yamlencode({
    packages    = concat(["docker", "amazon-ecr-credential-helper", "diffutils", "e2fsprogs"], local.rds ? ["jq", "postgresql15"] : [])
    write_files = local.files
    runcmd = [
      ["systemctl", "daemon-reload"],
      ["systemctl", "enable", "--now", "docker.service"],
      ["systemctl", "enable", "--now", "--no-block", "tracklog.service", "tracklog-heartbeat.timer"],
    ]
  })}"
}

data "aws_ssm_parameter" "amazon_linux" {
  name = "/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-${var.architecture}"
}

resource "aws_instance" "tracklog" {
  ami                         = data.aws_ssm_parameter.amazon_linux.insecure_value
  instance_type               = local.instance_type
  subnet_id                   = aws_subnet.instance.id
  vpc_security_group_ids      = [aws_security_group.instance.id]
  associate_public_ip_address = true # For outgoing connections. The security group allows no incoming ones.
  iam_instance_profile        = aws_iam_instance_profile.instance.name
  user_data                   = local.user_data
  user_data_replace_on_change = true
  tags                        = { Name = var.name }

  # One hop reaches the container because it uses the host's network. A bridged container would need two.
  metadata_options {
    http_endpoint               = "enabled"
    http_tokens                 = "required"
    http_put_response_hop_limit = 1
  }

  root_block_device {
    volume_type = "gp3"
    volume_size = 8
    encrypted   = true
  }

  # Throttles the CPU instead of billing extra credits.
  credit_specification {
    cpu_credits = "standard"
  }

  # To upgrade Amazon Linux: terraform apply -replace=aws_instance.tracklog
  lifecycle {
    ignore_changes = [ami]
  }

  # The first boot installs packages, so it needs the network and the rights.
  depends_on = [
    aws_route.internet,
    aws_route_table_association.instance,
    aws_iam_role_policy.instance,
  ]
}

resource "aws_volume_attachment" "data" {
  device_name                    = "/dev/sdf"
  volume_id                      = aws_ebs_volume.data.id
  instance_id                    = aws_instance.tracklog.id
  stop_instance_before_detaching = true # PostgreSQL shuts down before its disk is detached.
}
