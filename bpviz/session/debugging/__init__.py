"""Breakpoints and watches, and how both are evaluated while training runs."""
