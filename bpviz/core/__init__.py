"""The mathematics of training: numpy only; no Qt, no threads of its own beyond the compiler's, no files."""
