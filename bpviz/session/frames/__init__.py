"""What the screen draws of one position: surface, deltas, neuron maps, network values."""
