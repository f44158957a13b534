"""The services outside the studio that it works with."""
