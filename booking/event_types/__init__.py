"""What can be booked: rules, texts and the pool of hosts."""
