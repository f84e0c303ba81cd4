locals {
  session = "aws ssm start-session --region ${var.region} --target ${aws_instance.tracklog.id}"
  forward = "${local.session} --document-name AWS-StartPortForwardingSession --parameters"
  run     = "${local.session} --document-name AWS-StartInteractiveCommand --parameters"
}

output "store_secrets" {
  description = "Stores the secrets that secret.json holds; delete the file afterwards."
  value       = "aws secretsmanager put-secret-value --region ${var.region} --secret-id ${aws_secretsmanager_secret.tracklog.name} --secret-string file://secret.json"
}

output "push" {
  description = "Builds the image and pushes it to the repository; run it where the Dockerfile is."
  value       = <<-EOT
    aws ecr get-login-password --region ${var.region} | docker login --username AWS --password-stdin ${split("/", local.image)[0]}
    docker buildx build --platform linux/${var.architecture == "arm64" ? "arm64" : "amd64"} --tag ${local.image} --push .
  EOT
}

output "restart" {
  description = "Restarts Tracklog with the newest image and the newest secrets."
  value       = "${local.run} 'command=[\"sudo systemctl restart --no-block tracklog\"]'"
}

output "shell" {
  description = "A shell on the instance."
  value       = local.session
}

output "logs" {
  description = "The log, as it comes."
  value       = "aws logs tail --region ${var.region} --follow ${aws_cloudwatch_log_group.tracklog.name}"
}

output "dashboard" {
  description = "The dashboard at http://127.0.0.1:8080 while this runs."
  value       = "${local.forward} '{\"portNumber\":[\"8080\"],\"localPortNumber\":[\"8080\"]}'"
}

output "management" {
  description = "Health and metrics at http://127.0.0.1:9876/observe/health while this runs."
  value       = "${local.forward} '{\"portNumber\":[\"9876\"],\"localPortNumber\":[\"9876\"]}'"
}

output "database" {
  description = "The database at 127.0.0.1:15432 while this runs."
  value = (
    local.rds
    ? "${local.session} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters '{\"host\":[\"${local.database_host}\"],\"portNumber\":[\"5432\"],\"localPortNumber\":[\"15432\"]}'"
    : "${local.forward} '{\"portNumber\":[\"15432\"],\"localPortNumber\":[\"15432\"]}'"
  )
}

output "jmx" {
  description = "JMX at 127.0.0.1:9010 while this runs; needs jmx = true."
  value       = "${local.forward} '{\"portNumber\":[\"9010\"],\"localPortNumber\":[\"9010\"]}'"
}

output "reader" {
  description = "Where a BI tool connects (user tracklog_reader, TLS required); none unless reader_cidrs opens it."
  value       = local.readers_outside ? "${local.database_host}:5432/tracklog" : null
}

output "bucket" {
  description = "Documents go under history/."
  value       = aws_s3_bucket.tracklog.bucket
}
