"""The picture of the network: neurons, edges, headers, the parameter editor."""
