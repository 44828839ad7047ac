"""A user's own table: reading it from a file or pasted text, and its columns as inputs and targets."""
