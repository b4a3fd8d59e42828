"""Expressions to values, inside one file."""
