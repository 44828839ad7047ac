"""Speeds, always beside something else that ran in the same minute: `python -m tests.benchmarks`."""
