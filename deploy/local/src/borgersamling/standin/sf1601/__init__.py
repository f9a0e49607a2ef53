"""Serviceplatformen as far as a sender meets it: tokens, look-up, KombiPostAfsend, and receipts that are pushed.

The same people and the same faults as Digital Post's own interface, and refusals in its shape: what Serviceplatformen's
look like is not documented where we could read it.
"""
