"""By what a course is judged here."""
