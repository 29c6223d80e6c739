"""How parameters are changed in both stages of training."""

from typing import Any

from torch.optim import AdamW
from torch.optim.lr_scheduler import LambdaLR

_BETAS = (0.9, 0.98)  # of AdamW (Loshchilov and Hutter 2019)


def optimizer_and_schedule(groups: list[dict[str, Any]], steps: int, warmup: float) -> tuple[AdamW, LambdaLR]:
    """Return the optimiser of some groups of parameters, and the schedule of its learning rates.

    Args:
        groups: parameters with their highest learning rate and weight decay, as PyTorch takes them.
        steps: how many there will be.
        warmup: share of them in which the rates rise, before they fall to 0 in a straight line.
    """
    rising = max(1, round(warmup * steps))
    optimizer = AdamW(groups, betas=_BETAS)
    return optimizer, LambdaLR(
        optimizer, lambda step: min(1.0, (step + 1) / rising) * max(0.0, 1 - step / steps)
    )
