"""The inventory: items and what came in and went out."""
