# Tests each statement of docs/aws.md, Security, in a run of its own, with a mocked provider: no account, no network.

mock_provider "aws" {
  override_during = plan
  source          = "./tests/mocks"
}

variables {
  region      = "eu-central-1"
  alarm_email = "me@example.org"
}

run "no_inbound_port" {
  command = plan

  assert {
    condition     = length(aws_security_group.instance.ingress) == 0
    error_message = "The instance's security group must have no inbound rule."
  }

  assert {
    condition     = length(aws_default_security_group.closed.ingress) == 0 && length(aws_default_security_group.closed.egress) == 0
    error_message = "The network's default security group must be closed."
  }

  assert {
    condition     = aws_instance.tracklog.vpc_security_group_ids == toset([aws_security_group.instance.id])
    error_message = "The instance may be in no other security group."
  }

  assert {
    condition     = aws_instance.tracklog.key_name == ""
    error_message = "The instance must have no SSH key."
  }

  # A rule in a resource of its own would not show in the attributes above.
  assert {
    condition     = alltrue([for f in fileset(path.module, "*.tf") : !can(regex("aws_(vpc_)?security_group_(ingress_|egress_)?rule", file("${path.module}/${f}")))])
    error_message = "Rules must stand inside their security group."
  }
}

run "egress_is_https_alone" {
  command = plan

  assert {
    condition     = [for rule in aws_security_group.instance.egress : [rule.protocol, rule.from_port, rule.to_port]] == [["tcp", 443, 443]]
    error_message = "With the embedded database only HTTPS may leave the instance."
  }
}

run "egress_with_rds_reaches_the_database_subnets" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition = (
      toset(flatten([for rule in aws_security_group.instance.egress : rule.cidr_blocks if rule.to_port == 5432])) == toset(["10.66.8.0/24", "10.66.9.0/24"])
      && length(aws_security_group.instance.egress) == 2
    )
    error_message = "With rds the database subnets may be reached besides, at 5432, and nothing else."
  }
}

run "imdsv2_required" {
  command = plan

  assert {
    condition     = aws_instance.tracklog.metadata_options[0].http_tokens == "required"
    error_message = "Instance metadata must ask for a token (IMDSv2)."
  }

  assert {
    condition     = aws_instance.tracklog.metadata_options[0].http_put_response_hop_limit == 1
    error_message = "The token may not travel further than the host."
  }
}

run "everything_is_encrypted" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition     = aws_ebs_volume.data.encrypted
    error_message = "The data volume must be encrypted."
  }

  assert {
    condition     = aws_instance.tracklog.root_block_device[0].encrypted
    error_message = "The root volume must be encrypted."
  }

  assert {
    condition     = aws_db_instance.tracklog[0].storage_encrypted
    error_message = "The RDS database must be encrypted."
  }

  assert {
    condition     = one(one(aws_s3_bucket_server_side_encryption_configuration.tracklog.rule).apply_server_side_encryption_by_default).sse_algorithm == "AES256"
    error_message = "The bucket must be encrypted."
  }
}

run "data_outlives_the_instance" {
  command = plan

  assert {
    condition     = aws_volume_attachment.data.volume_id == aws_ebs_volume.data.id && length(aws_instance.tracklog.ebs_block_device) == 0
    error_message = "The data volume must be a resource of its own, not part of the instance."
  }

  assert {
    condition     = aws_volume_attachment.data.stop_instance_before_detaching
    error_message = "The instance must stop, and PostgreSQL with it, before its disk goes."
  }

  # What prevents destroying is not an attribute that a plan shows.
  assert {
    condition = anytrue([
      for block in split("\nresource ", file("${path.module}/storage.tf")) :
      startswith(block, "\"aws_ebs_volume\" \"data\"") && strcontains(block, "prevent_destroy = true")
    ])
    error_message = "Terraform must refuse to destroy the data volume."
  }

  assert {
    condition = anytrue([
      for block in split("\nresource ", file("${path.module}/database.tf")) :
      startswith(block, "\"aws_db_instance\" \"tracklog\"") && strcontains(block, "prevent_destroy = true")
    ])
    error_message = "Terraform must refuse to destroy the RDS database."
  }

  assert {
    condition     = !aws_s3_bucket.tracklog.force_destroy
    error_message = "A bucket with objects in it must not be destroyed."
  }
}

run "daily_snapshots_of_the_data_volume" {
  command = plan

  assert {
    condition = alltrue([
      for key, value in aws_dlm_lifecycle_policy.snapshots.policy_details[0].target_tags :
      lookup(aws_ebs_volume.data.tags, key, "") == value
    ])
    error_message = "The snapshot policy must find the data volume by its tag."
  }

  assert {
    condition = (
      aws_dlm_lifecycle_policy.snapshots.state == "ENABLED"
      && aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].create_rule[0].interval == 24
      && aws_dlm_lifecycle_policy.snapshots.policy_details[0].schedule[0].retain_rule[0].count >= 7
    )
    error_message = "A snapshot must be taken every day and at least a week of them kept."
  }
}

run "bucket_is_private" {
  command = plan

  assert {
    condition = (
      aws_s3_bucket_public_access_block.tracklog.block_public_acls
      && aws_s3_bucket_public_access_block.tracklog.block_public_policy
      && aws_s3_bucket_public_access_block.tracklog.ignore_public_acls
      && aws_s3_bucket_public_access_block.tracklog.restrict_public_buckets
    )
    error_message = "All four blocks of public access must be on."
  }

  assert {
    condition     = aws_s3_bucket_ownership_controls.tracklog.rule[0].object_ownership == "BucketOwnerEnforced"
    error_message = "Access control lists must be off."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_s3_bucket_policy.tracklog.policy).Statement : s.Effect == "Deny"])
    error_message = "The bucket policy may only deny."
  }
}

run "bucket_is_versioned" {
  command = plan

  assert {
    condition     = aws_s3_bucket_versioning.tracklog.versioning_configuration[0].status == "Enabled"
    error_message = "The bucket must keep versions."
  }
}

run "bucket_speaks_tls_only" {
  command = plan

  assert {
    condition = anytrue([
      for s in jsondecode(aws_s3_bucket_policy.tracklog.policy).Statement :
      s.Effect == "Deny" && s.Principal == "*" && s.Action == "s3:*"
      && try(s.Condition.Bool["aws:SecureTransport"], "") == "false"
      && toset(s.Resource) == toset([aws_s3_bucket.tracklog.arn, "${aws_s3_bucket.tracklog.arn}/*"])
    ])
    error_message = "Requests without TLS must be denied, for the bucket and for every object."
  }
}

run "bucket_keeps_what_was_dropped" {
  command = plan

  assert {
    condition     = [for rule in aws_s3_bucket_lifecycle_configuration.tracklog.rule : rule.filter[0].prefix if length(rule.expiration) > 0] == ["backup/"]
    error_message = "Only backups may expire; documents and raw responses stay."
  }

  assert {
    condition = anytrue([
      for rule in aws_s3_bucket_lifecycle_configuration.tracklog.rule : try(rule.noncurrent_version_expiration[0].noncurrent_days >= 30, false)
    ])
    error_message = "Old versions must go in the end, and not before 30 days."
  }
}

run "instance_role_may_do_exactly_this" {
  command = plan

  assert {
    condition = {
      for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : s.Sid => join(" ", sort(s.Action))
      } == {
      ListBucket                    = "s3:ListBucket"
      TakeInDocumentsAndKeepBackups = "s3:DeleteObject s3:GetObject s3:PutObject"
      ArchiveResponsesAndDocuments  = "s3:PutObject"
      ReadSecrets                   = "secretsmanager:GetSecretValue"
      LogInToEcr                    = "ecr:GetAuthorizationToken"
      PullImage                     = "ecr:BatchCheckLayerAvailability ecr:BatchGetImage ecr:GetDownloadUrlForLayer"
      WriteLog                      = "logs:CreateLogStream logs:PutLogEvents"
      SendHeartbeat                 = "cloudwatch:PutMetricData"
      SessionManager                = "ssm:UpdateInstanceInformation ssmmessages:CreateControlChannel ssmmessages:CreateDataChannel ssmmessages:OpenControlChannel ssmmessages:OpenDataChannel"
    }
    error_message = "The instance's role may do something else than this list."
  }

  assert {
    condition = {
      for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : s.Sid => join(" ", sort(s.Resource)) if s.Resource != ["*"]
      } == {
      ListBucket                    = aws_s3_bucket.tracklog.arn
      TakeInDocumentsAndKeepBackups = "${aws_s3_bucket.tracklog.arn}/backup/* ${aws_s3_bucket.tracklog.arn}/history/*"
      ArchiveResponsesAndDocuments  = "${aws_s3_bucket.tracklog.arn}/done/* ${aws_s3_bucket.tracklog.arn}/failed/* ${aws_s3_bucket.tracklog.arn}/raw/*"
      ReadSecrets                   = aws_secretsmanager_secret.tracklog.arn
      PullImage                     = aws_ecr_repository.tracklog.arn
      WriteLog                      = "${aws_cloudwatch_log_group.tracklog.arn}:*"
    }
    error_message = "The instance's role may reach something else than its own bucket, secret, repository and log."
  }

  assert {
    condition = toset([
      for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : s.Sid if s.Resource == ["*"]
    ]) == toset(["LogInToEcr", "SendHeartbeat", "SessionManager"])
    error_message = "Only actions that know no resources may be allowed on all."
  }

  assert {
    condition     = [for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : try(s.Condition.StringEquals["cloudwatch:namespace"], "") if s.Sid == "SendHeartbeat"] == ["Tracklog"]
    error_message = "The role may write metrics of Tracklog alone."
  }

  assert {
    condition     = alltrue([for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : s.Effect == "Allow" && !strcontains(join(" ", s.Action), "*")])
    error_message = "Actions must be named one by one."
  }

  assert {
    condition = (
      aws_iam_role_policies_exclusive.instance.policy_names == toset(["tracklog"])
      && length(aws_iam_role_policy_attachments_exclusive.instance.policy_arns) == 0
    )
    error_message = "No other policy may be added to the instance's role."
  }

  assert {
    condition     = jsondecode(aws_iam_role.instance.assume_role_policy).Statement[*].Principal == [{ Service = "ec2.amazonaws.com" }]
    error_message = "Only EC2 may take the instance's role."
  }
}

run "instance_role_with_rds_reads_two_secrets" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition = one([
      for s in jsondecode(aws_iam_role_policy.instance.policy).Statement : s.Resource if s.Sid == "ReadSecrets"
    ]) == [aws_secretsmanager_secret.tracklog.arn, aws_db_instance.tracklog[0].master_user_secret[0].secret_arn]
    error_message = "With rds the role may read the database's secret besides, and no other."
  }

  assert {
    condition     = !strcontains(aws_iam_role_policy.instance.policy, "rds:")
    error_message = "The role may not manage the database."
  }
}

run "secret_values_never_enter_the_state" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition     = aws_db_instance.tracklog[0].manage_master_user_password == true && aws_db_instance.tracklog[0].password == null
    error_message = "AWS must make and keep the master password."
  }

  assert {
    condition = alltrue([
      for f in fileset(path.module, "*.tf") :
      !can(regex("(aws_secretsmanager_secret_version|random_password|aws_secretsmanager_random_password|aws_ecr_authorization_token)\"", file("${path.module}/${f}")))
    ])
    error_message = "No resource or data source that carries a secret's value may be used."
  }
}

run "container_is_hardened" {
  command = plan

  assert {
    condition = alltrue([
      for flag in [
        "--read-only", "--tmpfs /tmp", "--cap-drop ALL", "--security-opt no-new-privileges", "--memory 512m", "--pids-limit 256",
      ] :
      can(regex("(?m)docker run.*(\\\\\\n.*)* ${flag}( |$)", one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.service")])))
    ])
    error_message = "The container must run with every hardening flag."
  }

  assert {
    condition     = !can(regex("--privileged|--cap-add|docker\\.sock|--publish| -p ", one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.service")])))
    error_message = "Nothing may undo the hardening."
  }

  assert {
    condition     = aws_instance.tracklog.user_data == local.user_data
    error_message = "The instance must get the user data that is tested here."
  }
}

run "container_listens_on_loopback" {
  command = plan

  assert {
    condition     = strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.env")]), "\nHTTP_HOST=127.0.0.1\n")
    error_message = "On the host's network the program must listen on loopback."
  }

  assert {
    condition     = strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.service")]), "--network host")
    error_message = "The container must run on the host's network: with one hop a bridge would not reach the metadata."
  }

  assert {
    condition     = !strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.env")]), "JMX_PORT")
    error_message = "JMX must be off until asked for."
  }
}

run "jmx_when_asked_for" {
  command = plan

  variables {
    jmx = true
  }

  assert {
    condition     = strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.env")]), "\nJMX_PORT=9010\n")
    error_message = "jmx = true must turn JMX on."
  }
}

run "user_data_holds_no_secret" {
  command = plan

  variables {
    database = "rds"
  }

  # host.env and tracklog.env may name secrets; no setting in them may be one.
  assert {
    condition = alltrue(flatten([
      for f in yamldecode(local.user_data).write_files : [
        for line in split("\n", f.content) : !can(regex("(PASSWORD|CLIENT_SECRET|REFRESH_TOKEN|TOKEN_KEY|CLIENT_ID)=", line))
      ] if endswith(f.path, ".env")
    ]))
    error_message = "User data can be read in the state and on the instance: no secret may be in it."
  }

  assert {
    condition     = length(local.user_data) < 16384
    error_message = "EC2 takes 16 KiB of user data."
  }

  assert {
    condition     = strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.env")]), "sslmode=verify-full")
    error_message = "Tracklog must check the database's certificate."
  }
}

run "rds_is_closed_unless_readers_are_named" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition     = !aws_db_instance.tracklog[0].publicly_accessible && length(aws_route.readers) == 0
    error_message = "The database must have no public address and no route to the internet."
  }

  assert {
    condition     = alltrue([for rule in aws_security_group.database[0].ingress : length(coalesce(rule.cidr_blocks, [])) == 0])
    error_message = "Only the instance may reach the database."
  }
}

run "rds_opens_to_the_named_networks_alone" {
  command = plan

  variables {
    database     = "rds"
    reader_cidrs = ["142.251.74.0/23", "203.0.113.7/32"]
  }

  assert {
    condition     = aws_db_instance.tracklog[0].publicly_accessible
    error_message = "Named readers must be able to reach the database."
  }

  assert {
    condition = toset(flatten([
      for rule in aws_security_group.database[0].ingress : coalesce(rule.cidr_blocks, [])
    ])) == toset(["142.251.74.0/23", "203.0.113.7/32"])
    error_message = "Exactly the named networks may reach the database."
  }

  assert {
    condition     = alltrue([for rule in aws_security_group.database[0].ingress : rule.protocol == "tcp" && rule.from_port == 5432 && rule.to_port == 5432])
    error_message = "Only port 5432 may be open."
  }

  assert {
    condition     = toset([for route in aws_route.readers : route.destination_cidr_block]) == toset(["142.251.74.0/23", "203.0.113.7/32"])
    error_message = "The database may answer the named networks alone."
  }

  assert {
    condition     = length(aws_security_group.database[0].egress) == 0 && length(aws_security_group.instance.ingress) == 0
    error_message = "Readers may open nothing but the database."
  }
}

run "rds_speaks_tls_only" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition     = contains([for p in aws_db_parameter_group.tracklog[0].parameter : "${p.name}=${p.value}"], "rds.force_ssl=1")
    error_message = "The database must refuse connections without TLS."
  }

  assert {
    condition     = aws_db_instance.tracklog[0].parameter_group_name == aws_db_parameter_group.tracklog[0].name
    error_message = "The database must use these parameters."
  }
}

run "rds_keeps_backups_and_cannot_be_deleted_by_mistake" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition = (
      aws_db_instance.tracklog[0].backup_retention_period >= 7
      && aws_db_instance.tracklog[0].deletion_protection
      && !aws_db_instance.tracklog[0].skip_final_snapshot
    )
    error_message = "The database must keep backups for a week, be protected from deletion and leave a last snapshot."
  }
}

run "embedded_makes_no_rds" {
  command = plan

  assert {
    condition     = length(aws_db_instance.tracklog) == 0 && output.reader == null
    error_message = "The embedded database needs no RDS."
  }
}

run "silence_is_an_alarm" {
  command = plan

  assert {
    condition     = aws_cloudwatch_metric_alarm.stalled.treat_missing_data == "breaching"
    error_message = "Missing data must count as a breach: a dead instance sends none."
  }

  assert {
    condition = (
      aws_cloudwatch_metric_alarm.stalled.comparison_operator == "GreaterThanThreshold"
      && aws_cloudwatch_metric_alarm.stalled.statistic == "Maximum"
      && aws_cloudwatch_metric_alarm.stalled.threshold + aws_cloudwatch_metric_alarm.stalled.period * aws_cloudwatch_metric_alarm.stalled.evaluation_periods <= 2 * 3600
    )
    error_message = "Two hours without a good poll must be an alarm."
  }

  assert {
    condition = alltrue([
      for text in [
        "--namespace ${aws_cloudwatch_metric_alarm.stalled.namespace} ",
        "--metric-name ${aws_cloudwatch_metric_alarm.stalled.metric_name} ",
        "--dimensions \"Name=$NAME\"",
      ] :
      strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "/heartbeat")]), text)
    ])
    error_message = "The instance must send the figure that the alarm watches."
  }

  assert {
    condition     = contains(flatten(yamldecode(local.user_data).runcmd), "tracklog-heartbeat.timer")
    error_message = "The heartbeat must be started."
  }

  assert {
    condition     = toset(aws_cloudwatch_metric_alarm.stalled.alarm_actions) == toset([aws_sns_topic.alarms.arn])
    error_message = "The alarm must go to the topic."
  }

  assert {
    condition = (
      aws_sns_topic_subscription.email.protocol == "email"
      && aws_sns_topic_subscription.email.endpoint == "me@example.org"
      && aws_sns_topic_subscription.email.topic_arn == aws_sns_topic.alarms.arn
    )
    error_message = "The topic must go to the e-mail address."
  }

  assert {
    condition     = aws_sns_topic.alarms.kms_master_key_id == null
    error_message = "CloudWatch may not use the AWS-managed key of SNS; the mail would never come."
  }
}

run "commands_forward_through_session_manager" {
  command = plan

  assert {
    condition = alltrue([
      for port, command in { 8080 = output.dashboard, 9876 = output.management, 15432 = output.database, 9010 = output.jmx } :
      strcontains(command, "aws ssm start-session")
      && jsondecode(regex("'(.*)'$", command)[0]) == { portNumber = [tostring(port)], localPortNumber = [tostring(port)] }
    ])
    error_message = "Dashboard, management, database and JMX must be reached through Session Manager, each at its port."
  }
}

run "database_command_with_rds" {
  command = plan

  variables {
    database = "rds"
  }

  assert {
    condition     = jsondecode(regex("'(.*)'$", output.database)[0]) == { host = ["db.example.internal"], portNumber = ["5432"], localPortNumber = ["15432"] }
    error_message = "With rds the command must forward to the RDS database."
  }
}

run "arm64_by_default" {
  command = plan

  assert {
    condition     = aws_instance.tracklog.instance_type == "t4g.micro" && endswith(data.aws_ssm_parameter.amazon_linux.name, "-arm64") && strcontains(output.push, "linux/arm64")
    error_message = "Instance, Amazon Linux and image must be for arm64."
  }
}

run "x86_64_when_asked_for" {
  command = plan

  variables {
    architecture = "x86_64"
  }

  assert {
    condition     = aws_instance.tracklog.instance_type == "t3.micro" && endswith(data.aws_ssm_parameter.amazon_linux.name, "-x86_64") && strcontains(output.push, "linux/amd64")
    error_message = "Instance, Amazon Linux and image must be for x86_64."
  }
}
