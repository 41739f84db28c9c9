"""Hereabouts: community asset mapping. docs/architecture.md says which floor holds what."""

__version__ = "0.1.0"
