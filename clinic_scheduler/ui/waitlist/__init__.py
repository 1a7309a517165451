"""The waitlist on the screen: who waits, who fits a free time, offers, and what is to be done today."""
