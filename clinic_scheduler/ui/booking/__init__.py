"""New booking: the wizard, its pages, and the one holder of what was chosen so far."""
