"""Backpropagation with a switch for each common mistake, to compare with or to train with."""
