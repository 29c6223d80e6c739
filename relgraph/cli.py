"""The command line: which commands there are."""

import os
import sys

import typer

from relgraph.commands import (
    asking,
    benchmarking,
    exporting,
    gallery,
    importing,
    knowing,
    measuring,
    merging,
    reading,
    temporal,
    training,
    validating,
)
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
app.command("import")(importing.import_command)
app.command("push")(importing.push_command)
app.command("query")(asking.query_command)
app.command("timeline")(asking.timeline_command)
app.command("as-of")(asking.as_of_command)
app.command("around")(temporal.around_command)
app.command("contacts")(temporal.contacts_command)
app.command("co-participants")(temporal.co_participants_command)
app.command("paths")(temporal.paths_command)
app.command("series")(temporal.series_command)
app.command("plans")(temporal.plans_command)
app.command("evidence")(temporal.evidence_command)
app.command("changes")(temporal.changes_command)
app.command("validate")(validating.validate_command)
app.command("vocabulary")(validating.vocabulary_command)
app.command("export")(exporting.export_command)
app.command("gallery")(gallery.gallery_command)
app.command("describe")(exporting.describe_command)
app.command("evaluate")(measuring.evaluate_command)
app.command("train")(training.train_command)
app.command("explain")(merging.explain_command)
app.command("split")(merging.split_command)
app.command("merge")(merging.merge_command)
app.command("evaluate-merging")(merging.evaluate_merging_command)
app.add_typer(knowing.app, name="kb")
app.add_typer(benchmarking.app, name="benchmark")


def main() -> None:
    """Run the command line; what a pipe's reader does not want is not an error."""
    try:
        app()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except KeyboardInterrupt:
        messages.print("interrupted; what was published stays")
        sys.exit(130)
