"""Files that list packages, and lock files."""
