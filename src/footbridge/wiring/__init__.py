"""Knows everyone, decides nothing."""
