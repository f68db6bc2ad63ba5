"""A whole installation under load, killed again and again, and what its clients remember of it."""
