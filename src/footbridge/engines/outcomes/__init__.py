"""Outcomes of many people, told honestly: rates and means with their intervals and n, small cells hidden."""

from footbridge.engines.outcomes.hiding import TOTAL, Cell, Counts, hidden_cells, hidden_together, put_together
from footbridge.engines.outcomes.rates import Mean, Paired, Rate, mean, paired, rate, t_quantile, wilson

__all__ = [
    "TOTAL",
    "Cell",
    "Counts",
    "Mean",
    "Paired",
    "Rate",
    "hidden_cells",
    "hidden_together",
    "mean",
    "paired",
    "put_together",
    "rate",
    "t_quantile",
    "wilson",
]
