"""Find the bug: mistakes planted in the algorithm, and what is said to somebody who looks for them."""
