"""Figures for print: the decision surface, the height map or the curves of a network, with the samples."""
