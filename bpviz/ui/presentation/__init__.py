"""Presentation mode: one or two panels on the whole screen, with a caption, for a lecturer with a clicker."""
