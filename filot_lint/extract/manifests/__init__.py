"""Files that say what is built, run and given to a deployable."""
