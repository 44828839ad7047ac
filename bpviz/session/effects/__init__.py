"""What updates do to the losses of the training samples."""
