"""The panel *Lesson*."""
