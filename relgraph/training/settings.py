"""The settings of a training run."""

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, PositiveInt, ValidationError

from relgraph.errors import RelgraphError

SHIPPED = Path(__file__).parent / "settings.yaml"


class AdaptSettings(BaseModel):
    """How the encoder reads news before it is fitted.

    Attributes:
        pieces: how many pieces of news it reads, once each.
        batch: windows a step.
        rate, head_rate: the highest learning rates of the encoder and of what guesses hidden pieces.
        warmup: share of the steps in which they rise, before they fall to 0 in a straight line.
        bfloat16: whether matrices are multiplied in bfloat16.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    pieces: PositiveInt
    seed: int
    batch: PositiveInt
    rate: float
    head_rate: float
    weight_decay: float
    warmup: float
    dropout: float
    bfloat16: bool


class FitSettings(BaseModel):
    """How the network is fitted.

    Attributes:
        layers: layers of the pre-trained encoder that are kept, from the first.
        news: articles whose pieces make the vocabulary; ``least``: times a piece must occur in them.
        adapt: how the encoder reads news first; None: it does not.
        batch: articles a step.
        warmup: share of the steps in which the learning rate rises, before it falls to 0 in a straight line.
        time_gradient: share of the gradient of times that reaches the encoder, which would else learn the
            articles' times by heart.
        drop_names, drop_triggers: probability that an article is read without the hints of names or of the
            trigger lexicon.
        drop_hints: probability that a piece has no hints at all.
        weights: weight of each decision's mean loss.
        bfloat16: whether matrices are multiplied in bfloat16.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    layers: int
    news: int
    least: int
    adapt: AdaptSettings | None
    seed: int
    epochs: int
    batch: int
    encoder_rate: float
    head_rate: float
    weight_decay: float
    warmup: float
    dropout: float
    time_gradient: float
    drop_names: float
    drop_triggers: float
    drop_hints: float
    bfloat16: bool
    weights: dict[str, float]


def read_settings(path: Path = SHIPPED) -> FitSettings:
    """Return the settings in a YAML file.

    Raises:
        RelgraphError: the file can't be read, or misses or has too many settings.
    """
    try:
        return FitSettings.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValidationError) as error:
        problem = f"holds no settings of a training run ({str(error).splitlines()[0]})"
        raise RelgraphError(path, problem, f"start from a copy of {SHIPPED}") from error
