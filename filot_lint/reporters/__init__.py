"""Findings and facts in the forms that people and programs read."""
