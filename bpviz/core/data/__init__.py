"""Samples to train on: what a split holds, how points are drawn, and the tables that scikit-learn brings."""
