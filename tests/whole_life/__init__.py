"""The whole life of bookings, step by step, with everybody who acts on them."""
