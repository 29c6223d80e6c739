"""Commands on merging: explain, split, merge, evaluate-merging."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from relgraph.commands.common import (
    DEFAULT_STORE,
    CorrectionsOption,
    FolderOption,
    FormatOption,
    TableFormat,
    errors,
    messages,
)
from relgraph.export import render
from relgraph.graph.build import remerge
from relgraph.graph.merging.corrections import Correction, corrections_file
from relgraph.graph.merging.explaining import MentionReason, explain, merge_correction, split_correction
from relgraph.graph.query import QueryResult
from relgraph.graph.store import Store

if TYPE_CHECKING:
    from relgraph.evaluation.merging import MergingScores

_COLUMNS = ("mention", "quote", "method", "score", "nearest", "figures")


def explain_command(
    event: Annotated[str, typer.Argument(help="Id of an event.", show_default=False)],
    store: FolderOption = DEFAULT_STORE,
    table_format: FormatOption = TableFormat.TEXT,
) -> None:
    """Show why each mention is in an event: method, score, and what spoke most for or against it."""
    with errors(), Store.open(store) as opened:
        table = QueryResult.of(_COLUMNS, [_row(reason) for reason in explain(opened, event)])
        print(render(table, table_format), end="")


def _row(reason: MentionReason) -> tuple[object, ...]:
    figures = " ".join(f"{name} {share:+.2f}" for name, share in reason.figures)
    return reason.mention, reason.quote, reason.method, reason.score, reason.nearest, figures or None


def split_command(
    event: Annotated[str, typer.Argument(help="Id of an event.", show_default=False)],
    mentions: Annotated[
        list[str],
        typer.Argument(help="Mentions to take out, as explain names them.", show_default=False),
    ],
    store: FolderOption = DEFAULT_STORE,
    corrections: CorrectionsOption = None,
) -> None:
    """Take mentions out of an event; they become an event of their own, now and in later builds."""
    with errors():
        with Store.open(store) as opened:
            correction = split_correction(opened, event, mentions)
        _settle(correction, store, corrections)


def merge_command(
    events: Annotated[list[str], typer.Argument(help="Ids of events that are one.", show_default=False)],
    store: FolderOption = DEFAULT_STORE,
    corrections: CorrectionsOption = None,
) -> None:
    """Make several events one, now and in later builds."""
    with errors():
        with Store.open(store) as opened:
            correction = merge_correction(opened, events)
        _settle(correction, store, corrections)


def _settle(correction: Correction, store: Path, corrections: Path | None) -> None:
    report = remerge(store, corrections=corrections, added=correction)
    path = corrections_file(store, corrections)
    messages.print(f"{path}: correction noted; {store}: now {report.events} events", markup=False)


def evaluate_merging_command(
    gold_dir: Annotated[
        Path, typer.Argument(help="Folder of ID.gold.json files, or of such folders.", show_default=False)
    ],
    articles_dir: Annotated[Path, typer.Argument(help="Folder of the articles ID.txt.", show_default=False)],
    pairs: Annotated[Path, typer.Argument(help="File of judged pairs across articles.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score merging against the chains of gold documents and against judged pairs."""
    from relgraph.annotation import SUFFIX, read_gold
    from relgraph.evaluation.merging import read_pairs, score_merging
    from relgraph.kb import KnowledgeBase

    with errors():
        subfolders = sorted({path.parent for path in gold_dir.glob(f"*/*{SUFFIX}")})
        folders = [gold_dir] if any(gold_dir.glob(f"*{SUFFIX}")) or not subfolders else subfolders
        documents = [gold for folder in folders for _, gold in read_gold(folder, [articles_dir])]
        scores = score_merging(documents, read_pairs(pairs), KnowledgeBase.load())
        print(_scores_json(scores) if as_json else _scores_text(scores))


def _scores_text(scores: "MergingScores") -> str:
    lines = [f"{'':14}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'pred':>7}"]
    lines += [
        f"{row.replace('_', ' '):14}{f.precision:7.1f}{f.recall:7.1f}{f.f1:7.1f}{f.gold:7}{f.predicted:7}"
        for row, f in scores
    ]
    return "\n".join(lines)


def _scores_json(scores: "MergingScores") -> str:
    return json.dumps(
        {
            row: {"P": round(f.precision, 1), "R": round(f.recall, 1), "F1": round(f.f1, 1)}
            for row, f in scores
        }
    )
