"""Areas: kinds and hierarchy, boundaries by year, lookups, populations, centroids, postcodes."""
