"""How good and how quick the timetable engine is: `python -m benchmarks.timetable`."""
