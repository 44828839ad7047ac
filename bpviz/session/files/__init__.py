"""Session files, experiment files and exports: formats, validation and atomic writing."""
