"""Networks of scikit-learn, PyTorch and Keras as bpviz's, and the reverse; no files are read or written."""
