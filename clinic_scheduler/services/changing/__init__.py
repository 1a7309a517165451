"""Changing what stands: status, time, person and place of appointments."""
