"""What is kept about every fact: its origin, its revisions, when it was confirmed."""
