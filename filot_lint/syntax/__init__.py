"""Bytes in, language-neutral expressions out. Nothing after this package knows a language's node names."""
