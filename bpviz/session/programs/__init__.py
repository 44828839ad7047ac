"""Experiments as programs of their own, in numpy or PyTorch, that print the numbers of `bpviz train`."""
