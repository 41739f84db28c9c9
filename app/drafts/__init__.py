"""What people are adding and have not sent yet: private, kept as typed, forgotten in time."""
