"""A training session: experiment, training, debugging, diagnostics, time travel and files. It does not import Qt."""
