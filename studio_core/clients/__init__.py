"""The studio's clients."""
