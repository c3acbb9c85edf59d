"""What array operations write to the statement tape, and the reverse sweep over it."""
