"""When resources are open and taken: hours, diaries, and free time as integers."""
