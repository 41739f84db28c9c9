"""Pure arithmetic on arrays, one module per method: no database, no pages, no time of day."""
