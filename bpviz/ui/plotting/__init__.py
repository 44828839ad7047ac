"""Shared parts of plots: scales and ranges, heatmap column, colour bar, sparkline, contours, surface, class points."""
