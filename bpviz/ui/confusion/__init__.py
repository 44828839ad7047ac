"""Which classes are taken for which others, and the samples behind each count."""
