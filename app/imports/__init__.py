"""Tables of organisations, assets and sites from outside: read, checked, joined, kept."""
