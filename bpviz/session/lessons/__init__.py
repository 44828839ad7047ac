"""Lessons: their files, what they ask, and whether a task is done and an answer right."""
