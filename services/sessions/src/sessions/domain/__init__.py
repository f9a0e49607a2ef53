"""The rules of an assembly and its sessions, and nothing else: no database, no broker, no web."""
