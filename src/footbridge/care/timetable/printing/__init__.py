"""The timetable on paper: the week of the program by track, leader or room, and one person's own week."""
