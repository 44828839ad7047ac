"""The bar at the bottom of the window: timeline track, bookmarks, playback, live badge."""
