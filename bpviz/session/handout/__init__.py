"""Handouts on paper: which pages they have, what is written on them, and the file in HTML."""
