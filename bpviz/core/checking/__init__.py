"""`bpviz.check`: running somebody's backpropagation, or taking its numbers, and handing both to the diagnosis."""
