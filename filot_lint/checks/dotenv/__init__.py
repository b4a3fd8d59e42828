"""Rules on `.env.example`-like files."""
