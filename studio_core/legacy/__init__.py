"""What the system that this one replaces left behind, and how it comes over."""
