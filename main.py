"""`python main.py` is `bpviz`, from a checkout."""

import sys

from bpviz.cli import main

if __name__ == "__main__":
    sys.exit(main())
