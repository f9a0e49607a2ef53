"""What the tests stand on: real servers, and a house in which services run on them."""
