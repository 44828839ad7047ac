"""Metrics of an update and of an epoch, and the scan that tests conditions on them."""
