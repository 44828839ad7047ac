"""Qt widgets shared by all features, such as `Panel`, the base class of every dock."""
