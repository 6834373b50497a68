"""English: "Nov 21, 2026", beside the "Dec 2" of the lists; not "Nov. 21, 2026" (AP style) nor "11/21/2026", Django's own ways."""

DATE_FORMAT = "M j, Y"
SHORT_DATE_FORMAT = DATE_FORMAT
TIME_FORMAT = "g:i a"
DATETIME_FORMAT = "M j, Y, g:i a"
SHORT_DATETIME_FORMAT = "M j, g:i a"
MONTH_DAY_FORMAT = "M j"
AXIS_FORMAT = "M j"  # under a chart, where days stand close together
