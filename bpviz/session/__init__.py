"""A training session without Qt: experiment, training, debugging, diagnostics, time travel and files."""
