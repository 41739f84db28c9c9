"""People: sign-in by a mailed link, sessions, and the roles granted to them per area."""
