"""Documents to hand on: an answer as one file that opens anywhere."""
