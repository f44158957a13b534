"""Signing in with Google: the loopback flow in the system's browser (RFC 8252), off the UI thread.

The program proves to the studio's server who came in, and gets a password of the database that
lives for hours. login.py ties the parts together.
"""
