"""Panels of a second session, painted off the screen for films and handouts."""
