"""What people suggest and report, and what moderators decide."""
