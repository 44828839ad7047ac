"""Every number that can be read off one update or one epoch, and the search for a value of it."""
