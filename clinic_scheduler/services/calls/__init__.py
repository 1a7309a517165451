"""What a desk has to do for people: calls, offers, confirmations."""
