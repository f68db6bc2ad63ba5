"""Bookings from the first hold to the outcome: one file a verb, the rules beside them."""
