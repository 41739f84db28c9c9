"""Map tiles: what each layer shows, kept in memory and dropped at once where something changes."""
