"""One update, operation by operation: its arrays, and each operation as sentence, formula, numbers and source line."""
