"""Panels for diagnosis: causes of a delta, gradient check, weights and gradients, hidden space."""
