"""From a trace to a program: listing, passes, lowering, schedule, memory plan, and the code that the machine runs."""
