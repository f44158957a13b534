"""What every form that books money needs: one request until it succeeds, and kept words."""
