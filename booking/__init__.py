"""Halbstunde: demo booking that never books twice and never loses a mail."""
