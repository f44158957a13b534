"""What the programs noticed and somebody should look at."""
