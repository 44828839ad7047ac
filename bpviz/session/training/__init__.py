"""One network in training: its position, its epoch records, and the changes made by hand."""
