"""Shell scripts, whole or inside other files."""
