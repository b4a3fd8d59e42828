"""Thin adapters: other tools hand over path and text, and get findings back in their own words."""
