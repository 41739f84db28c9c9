"""Gap analysis: where provision falls short of need, why, for how many, and what would close it."""
