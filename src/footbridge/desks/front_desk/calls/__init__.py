"""The call screen: one page from the request to the booked assessment."""
