"""The rules of registration, pure: no database, no broker, no clock of its own."""
