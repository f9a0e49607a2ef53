"""`python -m followup replay`: the database anew from what the streams keep (docs/operations/followup.md)."""
