"""The sweeps: compiled passes over the rows of a tape."""
