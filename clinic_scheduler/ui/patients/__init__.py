"""The people on record: their list, one person's record, and what is done to a record as a whole."""
