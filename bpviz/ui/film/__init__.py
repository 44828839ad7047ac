"""Films of a stretch of the timeline: how they are made, and the dialog that asks for one."""
