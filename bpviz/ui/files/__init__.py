"""Saving, opening, recovering and exporting, and screenshots."""
