"""Tests of the rules of learning."""
