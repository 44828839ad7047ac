"""The mathematics: numpy, no Qt, no threads, no files."""
