"""Theme, icons, colour maps, plot style, and how numbers and positions are written."""
