"""Plumbing that knows nothing of maps or communities."""
