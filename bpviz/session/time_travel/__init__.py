"""Going to any position, forward or back: checkpoints, stepper, backward search, branches, bookmarks."""
