"""Other programs: where people go when the answer is "not here". The site keeps the list; we ship no names."""
