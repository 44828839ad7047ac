"""Help: pages about panels and conventions, the shortcut sheet, the command palette and the welcome."""
