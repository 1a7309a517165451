"""The pages of the first start: the question, a clinic of one's own, a server."""
