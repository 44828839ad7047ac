"""Films of a stretch of training: which positions, what is written below them, and the files."""
