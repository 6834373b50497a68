"""Pages of mending: what happened, the ways to mend it side by side, what was done, and taking it back."""
