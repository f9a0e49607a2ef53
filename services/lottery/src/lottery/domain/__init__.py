"""The civic lottery's rules: pure functions over plain data, deterministic to the byte."""
