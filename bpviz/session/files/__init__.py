"""The session file, the experiment file and exports: formats, validation, safe writing."""
