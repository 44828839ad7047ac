"""Training at full speed: the trainer, the kernel in numpy and in numba, and the article's `NeuralNetwork`."""
