"""The state that panels show, the commands that they give, and the worker thread behind both."""
