"""Days of the clinic as screen and paper show them."""
