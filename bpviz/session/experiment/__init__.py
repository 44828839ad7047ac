"""What is trained: an `Experiment`, the rules for its values, the presets, and how two experiments differ."""
