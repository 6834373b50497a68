"""``python -m footbridge``: the same as the console command."""

from footbridge.cli import main

main()
