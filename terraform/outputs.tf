locals {
  session = "aws ssm start-session --region ${var.region} --target ${aws_instance.tracklog.id}"
  forward = "${local.session} --document-name AWS-StartPortForwardingSession --parameters"
  run     = "${local.session} --document-name AWS-StartInteractiveCommand --parameters"
}

output "store_secrets" {
  description = "Stores the secrets in secret.json. Delete the file afterwards."
  value       = "aws secretsmanager put-secret-value --region ${var.region} --secret-id ${aws_secretsmanager_secret.tracklog.name} --secret-string file://secret.json"
}

output "push" {
  description = "Builds the image and pushes it to the repository. Run it in the folder of the Dockerfile."
  value       = <<-EOT
    aws ecr get-login-password --region ${var.region} | docker login --username AWS --password-stdin ${split("/", local.image)[0]}
    docker buildx build --platform linux/${var.architecture == "arm64" ? "arm64" : "amd64"} --tag ${local.image} --push .
  EOT
}

output "restart" {
  description = "Restarts Tracklog with the latest image and secrets."
  value       = "${local.run} 'command=[\"sudo systemctl restart --no-block tracklog\"]'"
}

output "shell" {
  description = "Opens a shell on the instance."
  value       = local.session
}

output "logs" {
  description = "Follows the log."
  value       = "aws logs tail --region ${var.region} --follow ${aws_cloudwatch_log_group.tracklog.name}"
}

output "dashboard" {
  description = "Forwards the dashboard to http://127.0.0.1:8080."
  value       = "${local.forward} '{\"portNumber\":[\"8080\"],\"localPortNumber\":[\"8080\"]}'"
}

output "management" {
  description = "Forwards health and metrics to http://127.0.0.1:9876/observe/health."
  value       = "${local.forward} '{\"portNumber\":[\"9876\"],\"localPortNumber\":[\"9876\"]}'"
}

output "database" {
  description = "Forwards the database to 127.0.0.1:15432."
  value = (
    local.rds
    ? "${local.session} --document-name AWS-StartPortForwardingSessionToRemoteHost --parameters '{\"host\":[\"${local.database_host}\"],\"portNumber\":[\"5432\"],\"localPortNumber\":[\"15432\"]}'"
    : "${local.forward} '{\"portNumber\":[\"15432\"],\"localPortNumber\":[\"15432\"]}'"
  )
}

output "jmx" {
  description = "Forwards JMX to 127.0.0.1:9010. Needs jmx = true."
  value       = "${local.forward} '{\"portNumber\":[\"9010\"],\"localPortNumber\":[\"9010\"]}'"
}

output "reader" {
  description = "Address for a BI tool (user tracklog_reader, TLS required). None without reader_cidrs."
  value       = local.readers_outside ? "${local.database_host}:5432/tracklog" : null
}

output "bucket" {
  description = "Name of the bucket. Documents to import belong under history/."
  value       = aws_s3_bucket.tracklog.bucket
}
