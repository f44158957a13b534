"""How the program looks: one tokens file makes the palette, the style sheet and the icons."""
