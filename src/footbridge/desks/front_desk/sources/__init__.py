"""Who sent people, and what is told them."""
