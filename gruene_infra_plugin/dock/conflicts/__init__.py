"""The dialog in which conflicts with other writers are decided, row by row."""
