"""What the server does by itself, without a person at a command line."""
