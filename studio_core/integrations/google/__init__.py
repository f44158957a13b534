"""Google: who somebody is."""
