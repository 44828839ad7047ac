"""Conventions of books and programs: signs, factors and names, as a way of display."""
