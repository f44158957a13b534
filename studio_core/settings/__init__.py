"""What the studio has decided once for all its computers."""
