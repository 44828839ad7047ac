"""The bar under the window: track, bookmarks, playing the past, live badge."""
