"""The list of bookings: what is asked for, its lines page by page, what is handed out of it."""
