"""Autosave of the running session, and recovery of sessions whose program crashed."""
