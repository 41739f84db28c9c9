"""Geography without our data: the only spelling of coordinate systems and spatial SQL."""
