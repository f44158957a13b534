"""What the screens of the ledger's entries share: list, side panel, form, and how one is written.

An entry is a payment or an expense; its screen says what is special about it.
"""
