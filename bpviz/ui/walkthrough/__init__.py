"""Panels of the walkthrough of one update: operations, formula, operands, code, sample."""
