"""Networks in files of numpy, safetensors, ONNX and Keras, read as data and never executed."""
