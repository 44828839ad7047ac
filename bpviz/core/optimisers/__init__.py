"""Rules by which a gradient changes the parameters: optimisers, penalties, gradient clipping, schedules."""
