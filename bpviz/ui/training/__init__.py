"""Panels of the training itself: experiment, decision surface, loss and accuracy, deltas."""
