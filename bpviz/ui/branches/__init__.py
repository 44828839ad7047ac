"""Panels for branches: the list, and the comparison of two branches."""
