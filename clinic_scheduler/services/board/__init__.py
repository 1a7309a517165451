"""The day board: who is here, who is late, and whom that will keep waiting."""
