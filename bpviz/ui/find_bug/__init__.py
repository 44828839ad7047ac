"""The panel *Find the bug*."""
