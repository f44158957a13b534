"""The report on a studio's health, as text, JSON and a page."""
