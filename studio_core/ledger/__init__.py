"""Money received, commissions owed, money spent, and the months that hold them."""
