"""Saving and opening sessions, exports, screenshots, and recovery after a crash."""
