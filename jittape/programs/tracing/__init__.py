"""From a Python function to a trace: one run on a tape of its own, and everything else that the function can see."""
