"""The statement tape: what array operations append to it, and the reverse sweep over it."""
