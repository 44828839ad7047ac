"""Breakpoints, watches, the step bar and slow motion."""
