"""The walk by which anybody adds a place, an activity, a service or a resource."""
