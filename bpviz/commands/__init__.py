"""The commands of the command line, one module each, none of which imports Qt except to open a window."""
