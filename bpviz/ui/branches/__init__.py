"""The list of branches, and the comparison of two of them."""
