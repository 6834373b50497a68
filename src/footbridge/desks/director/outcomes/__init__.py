"""Outcomes of the program, and the evidence that measures are used: the director's pages about many people."""
