"""Run as `python -m data.packs.demo.make [folder]` from the top of the checkout."""

import sys
from pathlib import Path

from data.packs.demo.make.build import build

if __name__ == "__main__":
    build(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parents[1])
