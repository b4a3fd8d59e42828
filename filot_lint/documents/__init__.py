"""The T8-A documents: facts and findings in, files out."""
