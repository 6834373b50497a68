"""The week, or a part of it, as a model for OR-tools CP-SAT. Nothing outside this package
and `explaining` knows the solver.

A model is built for a scope: some groups whose times, leaders and rooms are open, and some clients whose week is open.
Everything else stands as in the base week and only takes up hours, rooms and seats. The scope of everything is the
whole problem; small scopes are neighbourhoods and repairs.

Levels are solved one after the other, each without spoiling those before. Where the numbers allow it, neighbouring
levels are solved as one with factors large enough to keep the order.

One worker, a fixed seed and the solver's own measure of work (deterministic time): the same scope gives the same
answer on every machine. A wall clock guards only against being far too slow.
"""

from footbridge.engines.timetabling.model.scope import (
    Found,
    Pin,
    Scope,
    cliques,
    cp_model,
    everything,
    furnish,
    solver_missing,
)
from footbridge.engines.timetabling.model.solving import Model

__all__ = ["Found", "Model", "Pin", "Scope", "cliques", "cp_model", "everything", "furnish", "solver_missing"]
