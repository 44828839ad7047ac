"""Inputs that are the pixels of a picture: their shape, what a network makes of one, and drawing one by oneself."""
