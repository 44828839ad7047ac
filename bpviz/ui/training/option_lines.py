"""What each option of an experiment does, in a line."""

from __future__ import annotations

from bpviz.language import N_

DATASETS = {
    "moons": N_("Two half rings that reach into one another, as in the article"),
    "circles": N_("A ring around a disc"),
    "xor": N_("Four squares, opposite ones of the same class"),
    "spirals": N_("Two arms wound around one another: hard to separate"),
    "blobs": N_("Clouds around centres on a circle, 2 to 6 of them"),
    "linear": N_("Two halves of a square, which a straight line separates"),
    "mazur": N_("The one sample of Matt Mazur's example, with its two targets"),
    "iris": N_("150 flowers of three species, by four measures"),
    "wine": N_("178 wines of three growers, by thirteen measures of very different size: scale them"),
    "breast_cancer": N_("569 tumours, malignant or benign, by thirty measures: scale them"),
    "digits": N_("1,797 written digits as pictures of 8 by 8 pixels, each from 0 to 16"),
    "diabetes": N_("Regression: how far the disease of 442 patients had progressed a year later"),
    "friedman1": N_("Regression: ten inputs, of which the target depends on five"),
    "sine": N_("Regression: sin x over a whole turn, and a second target that is 1 everywhere"),
    "line": N_("Regression: y = 2x + 1 with noise; one neuron is enough"),
    "plane": N_("Regression: half the sum of two inputs"),
    "gauss": N_("Regression: six bumps over two inputs, up and down in turn"),
}
OWN_TABLE = N_("A table of your own")
SCALES = {
    "none": N_("As they are"),
    "standard": N_("Mean 0 and standard deviation 1 over the training samples, each column by itself"),
    "minmax": N_("From 0 to 1 over the training samples, each column by itself"),
}
INITIALIZERS = {
    "article": N_("Normal, variance 1 over the layer's neurons; small biases, as in the article"),
    "xavier": N_("Uniform, scaled by inputs and neurons together; made for tanh and sigmoid"),
    "he": N_("Normal, variance 2 over the layer's inputs; made for relu"),
    "lecun": N_("Normal, variance 1 over the layer's inputs"),
    "uniform": N_("Uniform from -0.5 to 0.5, whatever the size of the layer"),
    "given": N_("The weights and biases of the network that was opened from a file"),
    "mazur": N_("The weights and biases of Matt Mazur's example"),
}
LOSSES = {
    "mse": N_("Half the squared distance to the target; delta of the output has the slope as a factor"),
    "cross_entropy": N_("Confident mistakes cost most; the slope cancels in delta of the output, which is a - y"),
    "huber": N_("Half the squared distance up to 1, then the distance: a far outlier pulls no harder than 1"),
    "mae": N_("The distance to the target: every error is 1 or -1, however far, and 0 on the target"),
}
ACTIVATIONS = {
    "sigmoid": N_("1 / (1 + e^-z), from 0 to 1; its slope is at most 0.25, so deltas shrink"),
    "tanh": N_("From -1 to 1; its slope is at most 1, at z = 0"),
    "relu": N_("z, or 0 where z is negative; its slope is 1 or 0, so neurons can die"),
    "leaky_relu": N_("z, or a small part of it where z is negative; no neuron dies"),
    "elu": N_("z, or e^z - 1 where z is negative; its slope has no jump, and no neuron dies"),
    "gelu": N_("z times the share of a normal distribution below z, exact by erf; slopes can be negative"),
    "silu": N_("z / (1 + e^-z), also called swish; its slope can be negative"),
    "softplus": N_("ln(1 + e^z), a smooth relu; its slope is the sigmoid of z"),
    "sin": N_("The sine of z; its slope is the cosine, so z can be too large as well as too small"),
    "none": N_("a = z; its slope is 1"),
    "softmax": N_("Outputs that add up to 1, as the probabilities of the classes"),
}
