"""``python -m relgraph`` is the command line."""

from relgraph.cli import main

main()
