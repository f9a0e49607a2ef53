"""The commands: plain functions that take the transaction first. Entry points open it; nothing here commits one."""
