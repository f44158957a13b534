"""The program on the studio's desks."""

from studio_desktop.immortals import keep_immortals

# Before anything of Qt is called.
keep_immortals()
