"""Backups of the whole database with its roles: made, tried out, copied, brought back, tidied.

What a month's own backup is, which its closing stands on, is in studio_core.extrato.
"""
