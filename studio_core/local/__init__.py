"""A studio that lives on one computer alone, with real data."""
