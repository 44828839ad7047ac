"""Time travel: seek to any position, forward or back, by checkpoints and replay; branches and bookmarks."""
