# For database = "rds". AWS generates, stores and rotates the master password. Tracklog uses its own role.

locals {
  database_parameters = {
    "rds.force_ssl"       = "1"
    "password_encryption" = "scram-sha-256"
  }
}

resource "aws_subnet" "database" {
  count             = local.rds ? 2 : 0
  vpc_id            = aws_vpc.tracklog.id
  cidr_block        = local.database_cidrs[count.index]
  availability_zone = local.zones[count.index]
  tags              = { Name = "${var.name}-database" }
}

resource "aws_route_table" "database" {
  count  = local.rds ? 1 : 0
  vpc_id = aws_vpc.tracklog.id
  tags   = { Name = "${var.name}-database" }
}

resource "aws_route" "readers" {
  for_each               = local.readers_outside ? var.reader_cidrs : []
  route_table_id         = aws_route_table.database[0].id
  destination_cidr_block = each.value
  gateway_id             = aws_internet_gateway.tracklog.id
}

resource "aws_route_table_association" "database" {
  count          = local.rds ? 2 : 0
  subnet_id      = aws_subnet.database[count.index].id
  route_table_id = aws_route_table.database[0].id
}

resource "aws_security_group" "database" {
  count       = local.rds ? 1 : 0
  name        = "${var.name}-database"
  description = "PostgreSQL from the instance and from named readers. No outgoing connections."
  vpc_id      = aws_vpc.tracklog.id
  egress      = []

  ingress {
    description     = "Tracklog"
    protocol        = "tcp"
    from_port       = 5432
    to_port         = 5432
    security_groups = [aws_security_group.instance.id]
  }

  dynamic "ingress" {
    for_each = local.readers_outside ? [var.reader_cidrs] : []

    content {
      description = "Readers"
      protocol    = "tcp"
      from_port   = 5432
      to_port     = 5432
      cidr_blocks = ingress.value
    }
  }
}

resource "aws_db_subnet_group" "tracklog" {
  count      = local.rds ? 1 : 0
  name       = var.name
  subnet_ids = aws_subnet.database[*].id
}

resource "aws_db_parameter_group" "tracklog" {
  count       = local.rds ? 1 : 0
  name_prefix = "${var.name}-"
  family      = "postgres17"

  dynamic "parameter" {
    for_each = local.database_parameters

    content {
      name  = parameter.key
      value = parameter.value
    }
  }

  lifecycle {
    create_before_destroy = true
  }
}

resource "aws_db_instance" "tracklog" {
  count                 = local.rds ? 1 : 0
  identifier            = var.name
  engine                = "postgres"
  engine_version        = "17"
  instance_class        = "db.t4g.micro"
  allocated_storage     = 20
  max_allocated_storage = 100
  storage_type          = "gp3"
  storage_encrypted     = true

  db_name                     = "tracklog"
  username                    = "tracklog_master"
  manage_master_user_password = true
  parameter_group_name        = aws_db_parameter_group.tracklog[0].name
  ca_cert_identifier          = "rds-ca-rsa2048-g1"

  db_subnet_group_name   = aws_db_subnet_group.tracklog[0].name
  vpc_security_group_ids = [aws_security_group.database[0].id]
  publicly_accessible    = local.readers_outside

  backup_retention_period    = 7
  backup_window              = "03:00-03:30"
  maintenance_window         = "sun:04:00-sun:04:30"
  auto_minor_version_upgrade = true
  copy_tags_to_snapshot      = true
  deletion_protection        = true
  skip_final_snapshot        = false
  final_snapshot_identifier  = "${var.name}-final"

  lifecycle {
    prevent_destroy = true
  }
}
