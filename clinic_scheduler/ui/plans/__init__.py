"""What the desk sees of treatment plans."""
