"""Redis: where clients connect, how safely, and what becomes of them when it is gone."""
