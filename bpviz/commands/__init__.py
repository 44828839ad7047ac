"""What can be asked for on the command line: one module a command. None of them needs Qt before a window opens."""
