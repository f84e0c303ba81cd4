# Tracklog has its own network. NAT or interface endpoints would cost more than everything else together. Therefore the
# instance has a public address, which accepts no connections.

locals {
  zones           = slice(data.aws_availability_zones.available.names, 0, 2)
  instance_cidr   = "10.66.0.0/24"
  database_cidrs  = ["10.66.8.0/24", "10.66.9.0/24"]
  rds             = var.database == "rds"
  readers_outside = local.rds && length(var.reader_cidrs) > 0
}

data "aws_availability_zones" "available" {
  state = "available"

  filter {
    name   = "opt-in-status"
    values = ["opt-in-not-required"]
  }
}

resource "aws_vpc" "tracklog" {
  cidr_block           = "10.66.0.0/20"
  enable_dns_support   = true
  enable_dns_hostnames = true
  tags                 = { Name = var.name }
}

resource "aws_default_security_group" "closed" {
  vpc_id  = aws_vpc.tracklog.id
  ingress = []
  egress  = []
}

resource "aws_internet_gateway" "tracklog" {
  vpc_id = aws_vpc.tracklog.id
  tags   = { Name = var.name }
}

resource "aws_subnet" "instance" {
  vpc_id            = aws_vpc.tracklog.id
  cidr_block        = local.instance_cidr
  availability_zone = local.zones[0]
  tags              = { Name = "${var.name}-instance" }
}

resource "aws_route_table" "instance" {
  vpc_id = aws_vpc.tracklog.id
  tags   = { Name = "${var.name}-instance" }
}

resource "aws_route" "internet" {
  route_table_id         = aws_route_table.instance.id
  destination_cidr_block = "0.0.0.0/0"
  gateway_id             = aws_internet_gateway.tracklog.id
}

resource "aws_route_table_association" "instance" {
  subnet_id      = aws_subnet.instance.id
  route_table_id = aws_route_table.instance.id
}

# Rules are inline, because then Terraform removes rules that were added outside of this configuration.
resource "aws_security_group" "instance" {
  name        = "${var.name}-instance"
  description = "No incoming connections. Outgoing: HTTPS, and the database."
  vpc_id      = aws_vpc.tracklog.id
  ingress     = []

  egress {
    description = "HTTPS to Spotify and AWS"
    protocol    = "tcp"
    from_port   = 443
    to_port     = 443
    cidr_blocks = ["0.0.0.0/0"]
  }

  dynamic "egress" {
    for_each = local.rds ? [local.database_cidrs] : []

    content {
      description = "The RDS database"
      protocol    = "tcp"
      from_port   = 5432
      to_port     = 5432
      cidr_blocks = egress.value
    }
  }
}
