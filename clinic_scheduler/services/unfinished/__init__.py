"""Unfinished bookings: what they remember, who may go on with them, what became of them."""
