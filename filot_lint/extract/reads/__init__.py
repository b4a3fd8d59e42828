"""Where a file touches the environment, and what it does with what it finds."""
