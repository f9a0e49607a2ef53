"""What checks a draw from its files alone. Standard library only: it also becomes one file that anyone can run."""
