"""What holds for all tests. Nothing here imports Qt: the mathematics and the sessions are tested without it."""

import os

# Before anything makes a QApplication: tests need no display, and open no windows over somebody's work.
os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
