"""From a trace to a program: listing, passes, schedule, memory, and the code that the machine runs."""
