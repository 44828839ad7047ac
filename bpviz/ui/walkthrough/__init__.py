"""Panels for one sample, operation by operation: operations, formula, operands, code, sample."""
