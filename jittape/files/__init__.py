"""Files of tensors, in a format that executes nothing."""
