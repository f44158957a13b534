"""The people of the studio: who may sign in, who tattoos, at what commission."""
