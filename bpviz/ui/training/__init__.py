"""Panels for what is trained and how it goes: experiment, surface, curves, deltas."""
