"""Makes the demonstration pack: an invented town, from nothing but its seed."""
