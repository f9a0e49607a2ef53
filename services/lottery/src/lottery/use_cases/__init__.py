"""What the lottery does. Entry points own the transaction; each of these works inside one."""
