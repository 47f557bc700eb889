"""Passages of the company's own policy."""
