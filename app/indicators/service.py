"""What the service can say about indicators."""

TOPIC = "indicators"
