"""What both programs stand on: no Qt, no web, no terminal."""

__version__ = "0.1.0"
