"""``jt.compile``: which program suits a call, and running it."""
