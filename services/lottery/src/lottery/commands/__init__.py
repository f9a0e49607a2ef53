"""The command `lottery`: draw, verify, explain and check quotas from files, without the service."""
