"""Find a person or a page from anywhere, and the keys that save staff the way there. Knows every door, decides nothing."""
