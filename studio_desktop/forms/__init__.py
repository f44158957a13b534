"""What forms share: their screen, one request until it succeeds, kept words, the way back."""
