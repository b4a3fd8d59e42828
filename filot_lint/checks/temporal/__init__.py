"""FIL5xx: Temporal, and what Temporal Cloud asks for beyond a server of one's own."""
