"""Tests of the menu of conventions."""
