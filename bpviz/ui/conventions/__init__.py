"""The menu of conventions, and the marks of panels that do not follow them."""
