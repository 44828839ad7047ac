"""Tests of networks in files."""
