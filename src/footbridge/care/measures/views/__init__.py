"""Pages of measures: answering (by link and in the portal), entering by staff, the chart."""
