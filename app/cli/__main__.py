"""`python -m app.cli` is `hereabouts`."""

from app.cli import main

main()
