"""The closing of a month into its extrato, with its backup, and the way back."""
