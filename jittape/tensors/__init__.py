"""What users hold: the Tensor, and which row of a tape it stands for."""
