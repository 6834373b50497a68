"""The list of other programs as pages: kept by hand, read from a file."""
