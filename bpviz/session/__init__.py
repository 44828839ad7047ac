"""One training session through time: no Qt."""
