"""Signing in: the password is the person's own on the database, the program holds none."""
