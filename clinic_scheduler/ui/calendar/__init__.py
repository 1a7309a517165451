"""The painted calendar: a day of practitioners or rooms, and what it is made of."""
