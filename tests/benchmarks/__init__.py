"""Benchmarks, each compared with a reference program in the same run: `python -m tests.benchmarks`."""
