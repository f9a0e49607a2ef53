"""One module a command: `add` names its arguments, `run` does it and returns the exit status."""
