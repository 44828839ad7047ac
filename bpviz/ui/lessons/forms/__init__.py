"""The forms for the parts of a step of a recorded lesson: what it marks, its task and its question."""
