"""Finding the first of somebody's numbers that is wrong, and the mistakes that would give all of them."""
