"""One update, operation by operation: its arrays, and each operation as caption, formula, numbers and source line."""
