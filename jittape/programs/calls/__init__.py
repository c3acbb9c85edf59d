"""``jt.compile``: choosing the program that fits a call, and running it."""
