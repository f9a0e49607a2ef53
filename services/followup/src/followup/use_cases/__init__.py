"""Commands. Each runs inside the transaction its entry point opened, and is safe to run again."""
