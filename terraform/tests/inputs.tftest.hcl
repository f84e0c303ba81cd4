# Inputs that would open the database too far, leak a secret or fail late are refused before anything is made.

mock_provider "aws" {
  override_during = plan
  source          = "./tests/mocks"
}

variables {
  region      = "eu-central-1"
  alarm_email = "me@example.org"
  database    = "rds"
}

run "whole_internet" {
  command = plan
  variables { reader_cidrs = ["0.0.0.0/0"] }
  expect_failures = [var.reader_cidrs]
}

run "whole_internet_ipv6" {
  command = plan
  variables { reader_cidrs = ["::/0"] }
  expect_failures = [var.reader_cidrs]
}

run "narrow_network_of_ipv6" {
  command = plan
  variables { reader_cidrs = ["2001:4860:4807::/48"] }
  expect_failures = [var.reader_cidrs]
}

run "whole_internet_in_two_halves" {
  command = plan
  variables { reader_cidrs = ["0.0.0.0/1", "128.0.0.0/1"] }
  expect_failures = [var.reader_cidrs]
}

run "one_wide_network_among_narrow_ones" {
  command = plan
  variables { reader_cidrs = ["203.0.113.7/32", "142.251.0.0/16"] }
  expect_failures = [var.reader_cidrs]
}

run "just_too_wide" {
  command = plan
  variables { reader_cidrs = ["203.0.96.0/19"] }
  expect_failures = [var.reader_cidrs]
}

run "just_narrow_enough" {
  command = plan
  variables { reader_cidrs = ["203.0.112.0/20"] }
}

run "not_a_network" {
  command = plan
  variables { reader_cidrs = ["203.0.113.7"] }
  expect_failures = [var.reader_cidrs]
}

run "address_within_a_network" {
  command = plan
  variables { reader_cidrs = ["203.0.113.7/24"] }
  expect_failures = [var.reader_cidrs]
}

run "too_many_networks" {
  command = plan
  variables { reader_cidrs = [for i in range(11) : "203.0.113.${i}/32"] }
  expect_failures = [var.reader_cidrs]
}

run "readers_of_the_embedded_database" {
  command = plan
  variables {
    database     = "embedded"
    reader_cidrs = ["203.0.113.7/32"]
  }
  expect_failures = [var.reader_cidrs]
}

run "secret_among_settings" {
  command = plan
  variables { settings = { SPOTIFY_CLIENT_SECRET = "x" } }
  expect_failures = [var.settings]
}

run "password_among_settings" {
  command = plan
  variables { settings = { DASHBOARD_PASSWORD = "x" } }
  expect_failures = [var.settings]
}

run "listening_to_the_world" {
  command = plan
  variables { settings = { HTTP_HOST = "0.0.0.0" } }
  expect_failures = [var.settings]
}

run "second_setting_behind_a_line_break" {
  command = plan
  variables { settings = { TIME_ZONE = "UTC\nHTTP_HOST=0.0.0.0" } }
  expect_failures = [var.settings]
}

run "settings_reach_the_container" {
  command = plan
  variables { settings = { TIME_ZONE = "Europe/Berlin" } }

  assert {
    condition     = strcontains(one([for f in yamldecode(local.user_data).write_files : f.content if endswith(f.path, "tracklog.env")]), "\nTIME_ZONE=Europe/Berlin\n")
    error_message = "A setting must reach the container."
  }
}

run "not_an_address" {
  command = plan
  variables { alarm_email = "me" }
  expect_failures = [var.alarm_email]
}

run "unknown_database" {
  command = plan
  variables { database = "aurora" }
  expect_failures = [var.database]
}

run "unknown_architecture" {
  command = plan
  variables { architecture = "riscv64" }
  expect_failures = [var.architecture]
}
