"""The program on the studio's desks."""
