"""Training of one network: its position, its epoch records, and the user's changes during training."""
