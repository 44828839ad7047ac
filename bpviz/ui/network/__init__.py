"""The network diagram: neurons, edges, column headers and the parameter editor."""
