"""The dashboard: figures of the clinic, and what is behind each of them."""
