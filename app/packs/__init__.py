"""Packs: everything that makes the service about one place, read from one manifest."""
