"""The `Experiment`: what to train and how, its validation, the presets, and the differences of two experiments."""
