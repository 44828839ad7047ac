"""Panels that explain deltas: causes, gradient check, weights and gradients, hidden space."""
