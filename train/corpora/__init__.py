"""One file a corpus; each yields the same Sample."""
