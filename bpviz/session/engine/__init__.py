"""The loop of the worker thread: commands in, one slice of work at a time, events out."""
