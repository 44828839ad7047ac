"""Theme, icons, colour maps, plot style, and number and position formats."""
