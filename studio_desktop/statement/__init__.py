"""A month's statement as figures and tables; the screens of open and of closed months show it."""
