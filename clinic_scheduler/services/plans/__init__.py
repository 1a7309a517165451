"""Treatment plans: courses of many sessions, planned, booked, moved and finished as one."""
