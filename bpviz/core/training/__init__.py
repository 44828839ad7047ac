"""Training at full speed: the trainer, the numpy and numba kernels, and the article's `NeuralNetwork`."""
