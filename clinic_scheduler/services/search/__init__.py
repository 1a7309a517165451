"""The exact search for whole visits. Pure: timelines in, visits out; no session, no dates."""
