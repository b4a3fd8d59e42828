"""FIL3xx: queues and keys, and who puts in what nobody takes out."""
