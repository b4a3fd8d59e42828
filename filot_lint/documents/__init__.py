"""The documents: facts and findings in, files out."""
