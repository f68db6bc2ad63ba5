"""The event types: what can be booked, by which rules, and by whom it is given."""
