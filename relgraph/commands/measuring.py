"""Commands that measure: evaluate."""

import json
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from relgraph.commands.common import ModelOption, counted, errors, progress
from relgraph.files import replacing
from relgraph.resources import DEFAULT_MODEL

if TYPE_CHECKING:  # spaCy and underthesea take seconds to load
    from relgraph.evaluation import Scores


class GivenInput(StrEnum):
    """What of the gold is taken as input."""

    MENTIONS = "mentions"
    TRIGGERS = "triggers"


def evaluate_command(
    gold_dir: Annotated[Path, typer.Argument(help="Folder of ID.gold.json files.", show_default=False)],
    articles_dir: Annotated[
        Path | None,
        typer.Argument(help="Folder of the articles ID.txt; default: the gold folder.", show_default=False),
    ] = None,
    aliases: Annotated[
        Path | None,
        typer.Option(help="Names of one entity; default: aliases.tsv in or beside the gold folder."),
    ] = None,
    documents: Annotated[
        Path | None, typer.Option(help="Also write the extracted documents here.", show_default=False)
    ] = None,
    model: ModelOption = DEFAULT_MODEL,
    given: Annotated[
        GivenInput | None,
        typer.Option(
            help="Take the gold's entities, mentions and times as input; with triggers also its triggers and "
            "their types.",
            show_default=False,
        ),
    ] = None,
    mistakes: Annotated[
        int, typer.Option(min=0, help="Also list this many of the commonest kinds of mistake.")
    ] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score extraction against gold documents."""
    from relgraph.evaluation import NameNormaliser, count_mistakes, extract_given, read_gold, score
    from relgraph.pipeline import extract, load

    with errors():
        pairs = read_gold(gold_dir, [articles_dir] if articles_dir else [])
        names = NameNormaliser(aliases) if aliases else NameNormaliser.beside(gold_dir)
        with progress("extracting", total=len(pairs)) as advance:
            if given is None:
                extracted = extract(load(model), (article for article, _ in pairs))
            else:
                extracted = extract_given(load(model), pairs, triggers=given is GivenInput.TRIGGERS)
            predictions = {document.id: document for document in counted(extracted, advance)}
        if documents:
            with replacing(documents) as stream:
                stream.writelines(f"{d.model_dump_json()}\n".encode() for d in predictions.values())
        scores = score((gold for _, gold in pairs), predictions, names)
        print(_scores_json(scores) if as_json else _scores_text(scores))
        if mistakes:
            kinds = count_mistakes((gold for _, gold in pairs), predictions, names)
            print("\n".join(f"{count:6}  {kind}" for kind, count in kinds.most_common(mistakes)))


def _scores_text(scores: "Scores") -> str:
    lines = [f"{'':14}{'P':>7}{'R':>7}{'F1':>7}{'gold':>7}{'pred':>7}"]
    lines += [
        f"{row:14}{f.precision:7.1f}{f.recall:7.1f}{f.f1:7.1f}{f.gold:7}{f.predicted:7}"
        for row, f in scores.rows.items()
    ]
    lines.append(f"{'factuality':14}{scores.factuality:7.1f} % of {scores.factuality_total} events found")
    return "\n".join(lines)


def _scores_json(scores: "Scores") -> str:
    rows: dict[str, Any] = {
        row: {
            "P": round(f.precision, 1),
            "R": round(f.recall, 1),
            "F1": round(f.f1, 1),
            "gold": f.gold,
            "pred": f.predicted,
        }
        for row, f in scores.rows.items()
    }
    rows["factuality"] = {"accuracy": round(scores.factuality, 1), "events": scores.factuality_total}
    return json.dumps(rows)
