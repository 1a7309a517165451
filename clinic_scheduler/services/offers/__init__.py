"""Free times offered: wishes and diaries as a question to the search, its answers as openings."""
