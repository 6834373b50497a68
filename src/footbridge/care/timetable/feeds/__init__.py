"""One's own hours in one's own calendar, by a long secret address.

The calendar may hang on a kitchen wall or lie with a company: it is told when, and a word its owner chose. It never learns which group,
which program, or who else comes.
"""
