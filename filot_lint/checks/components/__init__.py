"""Rules on deployables and what their containers are given."""
