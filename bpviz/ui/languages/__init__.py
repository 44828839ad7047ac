"""The language of the window: its menu, and the line that offers to start again in another one."""
