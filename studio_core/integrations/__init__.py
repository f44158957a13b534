"""Services outside the studio."""
