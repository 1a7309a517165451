"""Why a time is not free, and what would free it."""
