resource "aws_cloudwatch_log_group" "tracklog" {
  name              = "/${var.name}"
  retention_in_days = 30
}

# The instance sends the figure every five minutes, and Tracklog polls every 15 to 25 minutes. If the token, Spotify, the
# database, the container, the instance or the heartbeat fails, the figure grows or is missing. Missing data must
# therefore count as a breach.
resource "aws_cloudwatch_metric_alarm" "stalled" {
  alarm_name          = "${var.name}-collecting-stalled"
  alarm_description   = "Tracklog has not polled Spotify successfully for 45 minutes. Spotify returns only the last 50 plays. What to do: docs/aws.md, When the alarm goes off."
  namespace           = "Tracklog"
  metric_name         = "SecondsSinceLastGoodPoll"
  dimensions          = { Name = var.name }
  statistic           = "Maximum"
  comparison_operator = "GreaterThanThreshold"
  threshold           = 45 * 60
  period              = 900
  evaluation_periods  = 2
  treat_missing_data  = "breaching"
  alarm_actions       = [aws_sns_topic.alarms.arn]
  ok_actions          = [aws_sns_topic.alarms.arn]
}

# Not encrypted with alias/aws/sns: CloudWatch may not use that key, so no mail would be sent, without any error.
resource "aws_sns_topic" "alarms" {
  name = "${var.name}-alarms"
}

resource "aws_sns_topic_policy" "alarms" {
  arn = aws_sns_topic.alarms.arn

  policy = jsonencode({
    Version = "2012-10-17"
    Statement = [{
      Sid       = "AlarmOnly"
      Effect    = "Allow"
      Principal = { Service = "cloudwatch.amazonaws.com" }
      Action    = "sns:Publish"
      Resource  = aws_sns_topic.alarms.arn
      Condition = { ArnEquals = { "aws:SourceArn" = aws_cloudwatch_metric_alarm.stalled.arn } }
    }]
  })
}

resource "aws_sns_topic_subscription" "email" {
  topic_arn = aws_sns_topic.alarms.arn
  protocol  = "email"
  endpoint  = var.alarm_email
}
