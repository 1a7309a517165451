"""The place "Bookings": the list of all visits, what is filtered out of it, and the details beside it."""
