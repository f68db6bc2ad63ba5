"""The people and companies behind bookings."""
