"""English: "Nov 21, 2026", beside the "Dec 2" of the lists; not "Nov. 21, 2026" (AP style), Django's own."""

DATE_FORMAT = "M j, Y"
DATETIME_FORMAT = "M j, Y, g:i a"
MONTH_DAY_FORMAT = "M j"
