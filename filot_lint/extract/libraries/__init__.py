"""What calls of modelled libraries mean, and what may be told only at their callers."""
