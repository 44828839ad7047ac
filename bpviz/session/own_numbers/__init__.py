"""The numbers of somebody's own program, pasted as text, beside those of the current update."""
