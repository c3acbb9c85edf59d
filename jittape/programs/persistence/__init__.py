"""Programs in files, checked before anything of them runs."""
