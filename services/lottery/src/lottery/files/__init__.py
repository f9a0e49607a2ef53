"""The field's file formats: quotas and people in, a draw's tables out. Every flaw of a file is told at once."""
