"""The people who give demos, and when they work."""
