"""Editors of a metric and of lines of text, for the forms of more than one feature."""
