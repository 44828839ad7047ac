"""Autosave of the running session, and the recovery of one that crashed."""
