"""The server's side: the command line that closes months, backs up and imports."""
