"""What notifications stores, one module a kind of document."""
