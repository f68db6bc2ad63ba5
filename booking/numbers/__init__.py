"""What became of the demos, counted by definitions that stand beside every figure."""
