"""People on record: finding, registering, and who may be the same person."""
