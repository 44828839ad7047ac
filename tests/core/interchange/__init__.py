"""Tests of networks from elsewhere and to elsewhere."""
