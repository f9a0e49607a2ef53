"""The rules of notifications: pure, knowing nothing of databases, brokers or channels."""
