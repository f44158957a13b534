"""The desk locks itself, and several people share one computer without losing their forms."""
