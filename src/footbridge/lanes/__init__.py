"""Lanes run alongside the way of care and do not know each other."""
