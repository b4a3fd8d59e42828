"""Rules on the environment contract: what is read against what is declared."""
