"""People who wait for a time: their wishes, who fits a free time, offers and what becomes of them."""
