"""Panel Mine: the numbers of the user's own program, compared with the current update."""
