"""Handouts: a page for each position, as PDF or HTML."""
