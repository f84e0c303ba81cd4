resource "aws_cloudwatch_log_group" "tracklog" {
  name              = "/${var.name}"
  retention_in_days = 30
}

locals {
  # What the route collect-plays logs once for each poll that succeeded.
  poll_logged = "polled"
}

resource "aws_cloudwatch_log_metric_filter" "polls" {
  name           = "${var.name}-polls"
  log_group_name = aws_cloudwatch_log_group.tracklog.name
  pattern        = "\"${local.poll_logged}\""

  metric_transformation {
    namespace = "Tracklog"
    name      = "${var.name}-polls"
    value     = "1"
  }
}

# A poll comes every 15 minutes, at most every 25. An hour without one, for whatever reason (the instance, the
# container, the token, Spotify, the log itself), is an alarm; so silence must count as a breach.
resource "aws_cloudwatch_metric_alarm" "stalled" {
  alarm_name          = "${var.name}-collecting-stalled"
  alarm_description   = "Tracklog has not polled Spotify for an hour. Spotify keeps only the last 50 plays. See docs/aws.md, When the alarm comes."
  namespace           = aws_cloudwatch_log_metric_filter.polls.metric_transformation[0].namespace
  metric_name         = aws_cloudwatch_log_metric_filter.polls.metric_transformation[0].name
  statistic           = "Sum"
  comparison_operator = "LessThanThreshold"
  threshold           = 1
  period              = 3600
  evaluation_periods  = 1
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
