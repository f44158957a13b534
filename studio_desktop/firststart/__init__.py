"""The first start: where the studio's data is."""
