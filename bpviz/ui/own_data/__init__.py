"""A table of the user's own: opening it, choosing inputs and target, and training on it."""
