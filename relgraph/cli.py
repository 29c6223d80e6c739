"""The command line: which commands there are."""

import os
import sys

import typer

from relgraph.commands import asking, exporting, knowing, measuring, reading
from relgraph.commands.common import messages

app = typer.Typer(
    name="relgraph",
    help="Vietnamese news on Russia-Iran relations as an event knowledge graph.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command("demo")(reading.demo_command)
app.command("extract")(reading.extract_command)
app.command("build")(reading.build_command)
app.command("query")(asking.query_command)
app.command("timeline")(asking.timeline_command)
app.command("as-of")(asking.as_of_command)
app.command("export")(exporting.export_command)
app.command("describe")(exporting.describe_command)
app.command("evaluate")(measuring.evaluate_command)
app.add_typer(knowing.app, name="kb")


def main() -> None:
    """Run the command line; what a pipe's reader does not want is not an error."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        messages.print("interrupted; what was published stays")
        sys.exit(130)
