"""The pages of the prospect: see free times, book, look at the booking, move it, cancel it."""
