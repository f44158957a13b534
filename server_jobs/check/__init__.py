"""The operator's own proof that closings do what they promise, on a database made for it."""
