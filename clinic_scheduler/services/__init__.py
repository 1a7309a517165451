"""Services: what the desk can ask for, as plain functions on a session."""
