"""The error of numbers, or of a program, that cannot be checked."""


class InputError(ValueError):
    """What was given cannot be checked: the sentence says what, where, and what to do."""
