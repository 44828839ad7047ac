"""Tests of experiments as programs."""
