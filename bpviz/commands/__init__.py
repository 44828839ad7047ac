"""What can be asked for on the command line: one module a command, none of which needs Qt before a window opens."""
