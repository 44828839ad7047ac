"""`bpviz.record`: the numbers of somebody's own training, kept in a file and compared update by update."""
