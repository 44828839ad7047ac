"""What each option of an experiment does, in a line."""

from __future__ import annotations

DATASETS = {
    "moons": "Two half rings that reach into one another, as in the article",
    "circles": "A ring around a disc",
    "xor": "Four squares, opposite ones of the same class",
    "spirals": "Two arms wound around one another: hard to separate",
    "blobs": "Clouds around centres on a circle, 2 to 6 of them",
    "linear": "Two halves of a square, which a straight line separates",
    "mazur": "The one sample of Matt Mazur's example, with its two targets",
    "iris": "150 flowers of three species, by four measures",
    "wine": "178 wines of three growers, by thirteen measures of very different size: scale them",
    "breast_cancer": "569 tumours, malignant or benign, by thirty measures: scale them",
    "digits": "1,797 written digits as pictures of 8 by 8 pixels, each from 0 to 16",
    "diabetes": "Regression: how far the disease of 442 patients had progressed a year later",
    "friedman1": "Regression: ten inputs, of which the target depends on five",
    "sine": "Regression: sin x over a whole turn, and a second target that is 1 everywhere",
    "line": "Regression: y = 2x + 1 with noise; one neuron is enough",
    "plane": "Regression: half the sum of two inputs",
    "gauss": "Regression: six bumps over two inputs, up and down in turn",
}
OWN_TABLE = "A table of your own"
SCALES = {
    "none": "As they are",
    "standard": "Mean 0 and standard deviation 1 over the training samples, each column by itself",
    "minmax": "From 0 to 1 over the training samples, each column by itself",
}
INITIALIZERS = {
    "article": "Normal, variance 1 over the layer's neurons; small biases, as in the article",
    "xavier": "Uniform, scaled by inputs and neurons together; made for tanh and sigmoid",
    "he": "Normal, variance 2 over the layer's inputs; made for relu",
    "lecun": "Normal, variance 1 over the layer's inputs",
    "uniform": "Uniform from -0.5 to 0.5, whatever the size of the layer",
    "given": "The weights and biases of the network that was opened from a file",
    "mazur": "The weights and biases of Matt Mazur's example",
}
LOSSES = {
    "mse": "Half the squared distance to the target; delta of the output has the slope as a factor",
    "cross_entropy": "Confident mistakes cost most; the slope cancels in delta of the output, which is a - y",
    "huber": "Half the squared distance up to 1, then the distance: a far outlier pulls no harder than 1",
    "mae": "The distance to the target: every error is 1 or -1, however far, and 0 on the target",
}
ACTIVATIONS = {
    "sigmoid": "1 / (1 + e^-z), from 0 to 1; its slope is at most 0.25, so deltas shrink",
    "tanh": "From -1 to 1; its slope is at most 1, at z = 0",
    "relu": "z, or 0 where z is negative; its slope is 1 or 0, so neurons can die",
    "leaky_relu": "z, or a small part of it where z is negative; no neuron dies",
    "elu": "z, or e^z - 1 where z is negative; its slope has no jump, and no neuron dies",
    "gelu": "z times the share of a normal distribution below z, exact by erf; slopes can be negative",
    "silu": "z / (1 + e^-z), also called swish; its slope can be negative",
    "softplus": "ln(1 + e^z), a smooth relu; its slope is the sigmoid of z",
    "sin": "The sine of z; its slope is the cosine, so z can be too large as well as too small",
    "none": "a = z; its slope is 1",
    "softmax": "Outputs that add up to 1, as the probabilities of the classes",
}
