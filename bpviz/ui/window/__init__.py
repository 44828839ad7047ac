"""The main window: actions, tool bar, status line, workspaces, settings."""
