"""How code treats secrets: what they are compared with, what happens without them, where they end up."""
