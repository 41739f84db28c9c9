"""Hereabouts: community asset mapping. docs/architecture.md says which floor holds what."""
