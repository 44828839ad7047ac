"""The panel *Pictures*: inputs and weights as pictures, and a pad to draw on."""
