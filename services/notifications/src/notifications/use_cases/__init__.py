"""The commands of notifications: each takes a transaction first and opens none."""
