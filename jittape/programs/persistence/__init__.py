"""Programs in files, which are checked before any of them runs."""
