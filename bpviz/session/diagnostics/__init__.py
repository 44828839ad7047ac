"""Why deltas are what they are: causes, vanishing deltas, dead neurons, gradient check, histograms, hidden space."""
