"""For analysts."""
