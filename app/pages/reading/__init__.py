"""Pages on which things are read: an asset, an organisation, an area, and words about ourselves."""
