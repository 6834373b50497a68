"""`python -m benchmarks.load N [CASELOAD]` fills an empty, migrated database (the one DATABASE_URL names) and prints what it made
as JSON.
"""

from __future__ import annotations

import json
import sys
import time


def main() -> None:
    import django

    django.setup()
    from footbridge.ground.people.models import Client

    from . import filling, history

    if Client.objects.exists():
        raise SystemExit("There are clients in this database. The benchmark needs an empty one.")
    began = time.monotonic()
    clients, caseload = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    made: dict = history.load(clients, lambda text: print(f"  {text}", file=sys.stderr, flush=True), caseload)
    made["seconds"] = round(time.monotonic() - began)
    kinds = ("Session", "Booking", "Attendance", "NotePart", "Sheet", "Answer", "Score", "CheckIn", "Act")
    made["rows"] = {kind: getattr(history, kind).objects.count() for kind in kinds}
    made["bytes"] = filling.ask("SELECT pg_database_size(current_database())")
    print(json.dumps(made))


if __name__ == "__main__":
    main()
