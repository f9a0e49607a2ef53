"""Documents <-> domain, a module a kind of document."""
