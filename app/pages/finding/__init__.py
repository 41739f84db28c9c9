"""Pages by which residents find things: home, and what is near."""
