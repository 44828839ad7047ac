"""The commands of the command line, one module each. None of them imports Qt, except to open a window."""
