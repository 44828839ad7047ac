"""Diagnostics: causes of a delta, vanishing deltas, dead neurons, gradient check, histograms, hidden space."""
