"""What stands in for the world outside on one machine: Digital Post and a mail server.

It speaks the shape of the real protocol (NgDP, `/apis/v1`), errors included, and takes synthetic people alone.
"""
