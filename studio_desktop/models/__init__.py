"""Models are dumb: controllers fill them, views and delegates read them."""
