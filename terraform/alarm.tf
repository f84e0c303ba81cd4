resource "aws_cloudwatch_log_group" "tracklog" {
  name              = "/${var.name}"
  retention_in_days = 30
}

# The instance sends the figure every five minutes. Polls come every 15, at most every 25 minutes apart. Whatever keeps
# them away (the token, Spotify, the database, the container, the instance, the heartbeat itself), the figure grows or
# stays out; so silence must count as a breach.
resource "aws_cloudwatch_metric_alarm" "stalled" {
  alarm_name          = "${var.name}-collecting-stalled"
  alarm_description   = "Tracklog has not polled Spotify with success for 45 minutes. Spotify keeps only the last 50 plays. What to do: docs/aws.md, When the alarm comes."
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

# Not encrypted with alias/aws/sns: CloudWatch may not use that key, and the mail would silently never come.
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
