"""When staff work, and within which limits: what the timetable is planned by."""
