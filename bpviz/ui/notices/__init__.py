"""Lines below the tool bars that say what happened without being asked for, and what can be done about it."""
