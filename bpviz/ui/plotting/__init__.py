"""Shared parts of plots: scales and ranges, heatmap columns, colour bar, sparkline, contours, surface, class points."""
