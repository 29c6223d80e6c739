"""Fitting the network to annotated articles."""

import math
import random
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple, TypeAlias

import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional

from relgraph.nlp.encoder.hints import NAMES, TRIGGERS
from relgraph.nlp.encoder.judging import NEVER
from relgraph.nlp.encoder.labels import OUTSIDE
from relgraph.nlp.encoder.pairs import Pair
from relgraph.training.examples import IGNORED, ArticleExample, EventExample, WindowExample
from relgraph.training.network import CALIBRATED, ROLES, Network
from relgraph.training.optimizing import optimizer_and_schedule
from relgraph.training.settings import FitSettings

LabelArray: TypeAlias = npt.NDArray[Any]

_CALIBRATION_STEPS, _CALIBRATION_RATE = 80, 0.05


def fit(
    network: Network,
    examples: Sequence[ArticleExample],
    settings: FitSettings,
    report: Callable[[int, int, dict[str, float]], None],
) -> None:
    """Fit the network in place.

    Args:
        report: called after each epoch with its number, the number of epochs, and the mean loss by decision.
    """
    rng = random.Random(settings.seed)
    torch.manual_seed(settings.seed)
    encoder = [
        p
        for name, p in network.encoder.named_parameters()
        if name.startswith(("words", "positions", "norm", "layers"))
    ]
    known = {id(p) for p in encoder}
    others = [p for p in network.parameters() if id(p) not in known]
    groups: list[dict[str, Any]] = [
        {
            "params": network.encoder.pretrained(),
            "lr": settings.encoder_rate,
            "weight_decay": settings.weight_decay,
        },
        {"params": others, "lr": settings.head_rate, "weight_decay": 0.0},
    ]
    steps = settings.epochs * math.ceil(len(examples) / settings.batch)
    optimizer, schedule = optimizer_and_schedule(groups, steps, settings.warmup)
    network.train()
    for epoch in range(settings.epochs):
        totals: dict[str, float] = {}
        counts: dict[str, int] = {}
        for batch in _batches(examples, settings.batch, rng):
            optimizer.zero_grad(set_to_none=True)
            sizes = _sizes(batch)
            for example in batch:
                losses = _losses(network, example, settings, rng)
                shares = [
                    settings.weights[name] * value / max(1, sizes[name]) for name, value in losses.items()
                ]
                torch.autograd.backward(torch.stack(shares).sum())
                for name, value in losses.items():
                    totals[name] = totals.get(name, 0.0) + float(value.detach())
            for name, size in sizes.items():
                counts[name] = counts.get(name, 0) + size
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        report(epoch + 1, settings.epochs, {name: totals[name] / max(1, counts[name]) for name in totals})
    network.eval()


def calibrate(network: Network, examples: Sequence[ArticleExample]) -> None:
    """Settle how far the heads and the log-linear model are trusted, on articles that neither has seen.

    The heads come to know the articles that they learn from, so that training trusts them too far (Wolpert
    1992, "Stacked generalization"). Only the few numbers of ``network.mix`` are fitted.
    """
    network.eval()
    chosen = [
        value.requires_grad_()
        for name, value in network.mix.items()
        if name in CALIBRATED or name.endswith(("trust", "unread"))
    ]
    seen: list[tuple[EventExample, list[Tensor]]] = []
    pieces: list[_Pieces] = []
    with torch.no_grad():
        for example in examples:
            read = [_read(network, window) for window in example.windows]
            pieces += [
                _judged(scores, window) for (_, _, scores), window in zip(read, example.windows, strict=True)
            ]
            reads = _reads(network, example, [states for states, _, _ in read])
            seen += [(event, judged) for event, *judged in zip(example.events, *reads, strict=True)]
    sizes = _sizes(examples)
    optimizer = torch.optim.Adam(chosen, lr=_CALIBRATION_RATE)
    for _ in range(_CALIBRATION_STEPS):
        optimizer.zero_grad()
        sums: dict[str, Tensor] = {name: torch.tensor(0.0) for name in ("facts", "roles", "times")}
        sums["triggers"] = torch.stack([_piece_loss(network, found) for found in pieces]).sum()
        for event, (facts, roles, times) in seen:
            for name, value in _event_losses(network, event, facts, roles, times):
                sums[name] = sums[name] + value
        shares = [value / sizes[name] for name, value in sums.items()]
        torch.autograd.backward(torch.stack(shares).sum(), inputs=chosen)
        optimizer.step()


class _Pieces(NamedTuple):
    """The pieces of a window at which a trigger may start.

    Attributes:
        read, told: log-odds that they are of one, by the network and by the log-linear model (else NaN).
        right: whether one starts there.
    """

    read: Tensor
    told: Tensor
    right: Tensor


def _judged(scores: Tensor, window: WindowExample) -> _Pieces:
    """Return the pieces of a window at which a trigger may start: all but those that go on with one."""
    labels = torch.from_numpy(window.triggers)
    start = labels % 2 == 1
    judged = start | (labels == OUTSIDE)
    read = torch.logsumexp(scores[:, 1:], 1) - scores[:, OUTSIDE]
    return _Pieces(read[judged], torch.from_numpy(window.rule_triggers)[judged], start[judged].float())


def _piece_loss(network: Network, pieces: _Pieces) -> Tensor:
    scores = trigger_scores(network, pieces.read, pieces.told)
    return functional.binary_cross_entropy_with_logits(scores, pieces.right, reduction="sum")


def trigger_scores(network: Network, read: Tensor, told: Tensor) -> Tensor:
    """Return the log-odds that pieces are of triggers, given what the two say (``told``: or NaN)."""
    weighed = network.mix["trigger"] * torch.nan_to_num(told)
    rules = torch.where(torch.isnan(told), network.mix["trigger_unread"], weighed)
    return network.mix["trigger_trust"] * read + rules


def _reads(
    network: Network, example: ArticleExample, states: Sequence[Tensor]
) -> tuple[Tensor, list[Tensor], list[Tensor]]:
    """Return what the heads say of the article's events: of factuality, roles, times."""
    return (
        read_facts(network, example.events, states) if example.events else torch.zeros(0),
        [read_roles(network, event, states[event.window]) for event in example.events],
        [read_times(network, event, states[event.window]) for event in example.events],
    )


def _read(network: Network, window: WindowExample) -> tuple[Tensor, Tensor, Tensor]:
    """Return the states of a window's pieces, and their scores as names and as triggers."""
    read: tuple[Tensor, Tensor, Tensor] = network.encoder(
        torch.tensor(window.window.ids), torch.from_numpy(window.hints)
    )
    return read


def _batches(
    examples: Sequence[ArticleExample], size: int, rng: random.Random
) -> Iterator[list[ArticleExample]]:
    order = list(examples)
    rng.shuffle(order)
    for start in range(0, len(order), size):
        yield order[start : start + size]


def _sizes(batch: Sequence[ArticleExample]) -> dict[str, int]:
    """Count the decisions of a batch, so that each counts alike whichever article it stands in."""
    events = [event for example in batch for event in example.events]
    labelled = sum(int((w.names != IGNORED).sum()) for example in batch for w in example.windows)
    return {
        "names": labelled,
        "triggers": labelled,
        "facts": len(events),
        "roles": sum(event.roles.size for event in events),
        "times": sum(1 for event in events if event.time >= 0),
        "chains": sum(len(example.chains) for example in batch),
    }


def _losses(
    network: Network, example: ArticleExample, settings: FitSettings, rng: random.Random
) -> dict[str, Tensor]:
    """Return the sum of the losses of an article's decisions, by kind of decision."""
    drop_names, drop_triggers = rng.random() < settings.drop_names, rng.random() < settings.drop_triggers
    states: list[Tensor] = []
    sums: dict[str, list[Tensor]] = {}
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=settings.bfloat16):
        for window in example.windows:
            hints = _hints(window, drop_names, drop_triggers, settings.drop_hints)
            state, names, triggers = network.encoder(torch.tensor(window.window.ids), hints)
            states.append(state)
            sums.setdefault("names", []).append(_label_loss(names, window.names))
            sums.setdefault("triggers", []).append(_label_loss(triggers, window.triggers))
        for name, value in _decision_losses(network, example, states, settings.time_gradient):
            sums.setdefault(name, []).append(value)
    return {name: torch.stack(values).sum() for name, values in sums.items()}


def _label_loss(scores: Tensor, labels: LabelArray) -> Tensor:
    target = torch.from_numpy(labels)
    return functional.cross_entropy(scores.float(), target, ignore_index=IGNORED, reduction="sum")


def _decision_losses(
    network: Network, example: ArticleExample, states: Sequence[Tensor], time_gradient: float
) -> Iterator[tuple[str, Tensor]]:
    if not example.events:
        return
    facts = read_facts(network, example.events, states)
    for event, read in zip(example.events, facts, strict=True):
        here = states[event.window]
        roles = read_roles(network, event, here)
        times = read_times(network, event, _damped(here, time_gradient))
        yield from _event_losses(network, event, read, roles, times)
    if example.chains:
        same = torch.tensor([float(same) for *_, same in example.chains])
        scores = chain_scores(network, example, states)
        yield "chains", functional.binary_cross_entropy_with_logits(scores, same, reduction="sum")


def _event_losses(
    network: Network, event: EventExample, facts: Tensor, roles: Tensor, times: Tensor
) -> Iterator[tuple[str, Tensor]]:
    """Yield the losses of an event's decisions, given what the heads say."""
    scores = fact_scores(network, event, facts)
    yield "facts", functional.cross_entropy(scores, torch.tensor(event.factuality), reduction="sum")
    held = torch.from_numpy(event.roles)
    scores = role_scores(network, event, roles)
    yield "roles", functional.binary_cross_entropy_with_logits(scores, held, reduction="sum")
    if event.time >= 0:
        scores = time_scores(network, event, times)
        yield "times", functional.cross_entropy(scores, torch.tensor(event.time), reduction="sum")


def _hints(window: WindowExample, drop_names: bool, drop_triggers: bool, drop: float) -> Tensor:
    """Return the hints with some left out, so that the network doesn't lean on them alone."""
    hints = torch.from_numpy(window.hints).clone()
    if drop_names:
        hints[:, :NAMES] = 0
    if drop_triggers:
        hints[:, TRIGGERS] = 0
    return hints * (torch.rand(len(hints), 1) >= drop)


def span_states(states: Tensor, firsts: Sequence[int], lasts: Sequence[int]) -> Tensor:
    """Return the mean of the states of each span's first and last piece."""
    return (states[list(firsts)] + states[list(lasts)]) / 2


def _trigger_state(event: EventExample, states: Tensor) -> Tensor:
    """Return the state of an event's trigger in its window, as one row."""
    first, last = event.trigger
    return span_states(states, [first], [last])


def _trigger_states(events: Sequence[EventExample], states: Sequence[Tensor]) -> Tensor:
    return torch.cat([_trigger_state(event, states[event.window]) for event in events])


def _damped(states: Tensor, share: float) -> Tensor:
    """Return the states with only a share of the gradient through them."""
    return states.detach() + share * (states - states.detach())


def read_facts(network: Network, events: Sequence[EventExample], states: Sequence[Tensor]) -> Tensor:
    """Return the head's score of each factuality, a row an event."""
    types = torch.tensor([[event.type] for event in events])
    scores: Tensor = network.events(_trigger_states(events, states), types)
    return scores.float()


def fact_scores(network: Network, event: EventExample, read: Tensor) -> Tensor:
    """Return the score of each factuality, given what the head says."""
    rules = torch.from_numpy(event.rule_factuality)
    return network.mix["factuality_trust"] * read + network.mix["factuality"] * rules


def _pair_scores(head: nn.Module, pairs: Sequence[Pair], event: EventExample, states: Tensor) -> Tensor:
    trigger = _trigger_state(event, states)
    right = span_states(states, [pair.first for pair in pairs], [pair.last for pair in pairs])
    categories = torch.tensor([pair.categories for pair in pairs])
    scores: Tensor = head(trigger.expand(len(pairs), -1), right, categories)
    return scores.float()


def _gathered(scores: Tensor, pairs: Sequence[Pair], alternatives: int, unseen: Tensor) -> Tensor:
    """Return log(sum(exp)) of each alternative's pairs; ``unseen`` for those that have none."""
    of = torch.tensor([pair.of for pair in pairs])
    columns = scores.shape[1]
    index = of[:, None].expand(-1, columns)
    top = torch.full((alternatives, columns), NEVER).scatter_reduce(0, index, scores.detach(), "amax")
    total = torch.zeros(alternatives, columns).index_add(0, of, torch.exp(scores - top[of]))
    present = total > 0
    return torch.where(present, top + torch.log(torch.where(present, total, 1.0)), unseen)


def read_roles(network: Network, event: EventExample, states: Tensor) -> Tensor:
    """Return the head's log-odds of each role for each entity."""
    unseen = network.mix["role_unseen"]
    if not event.role_pairs:
        return unseen.expand(len(event.roles), ROLES)
    scores = _pair_scores(network.roles, event.role_pairs, event, states)
    return _gathered(scores, event.role_pairs, len(event.roles), unseen)


def role_scores(network: Network, event: EventExample, read: Tensor) -> Tensor:
    """Return the log-odds of each role for each entity, given what the head says."""
    rules = torch.from_numpy(event.rule_roles)
    weighed = network.mix["role"] * torch.nan_to_num(rules)
    told = torch.where(torch.isnan(rules), network.mix["role_unread"], weighed)
    return network.mix["role_trust"] * read + told


def read_times(network: Network, event: EventExample, states: Tensor) -> Tensor:
    """Return the heads' score of each time on offer."""
    frames = torch.from_numpy(event.frames)
    read = network.mix["time_unseen"].expand(len(frames))
    if event.time_pairs:
        scores = _pair_scores(network.times, event.time_pairs, event, states)
        read = _gathered(scores, event.time_pairs, len(frames), network.mix["time_unseen"])[:, 0]
    framed = network.frames(_trigger_state(event, states), torch.tensor([event.situation]))[0].float()[frames]
    return torch.logaddexp(read, torch.where(frames < 0, torch.tensor(NEVER), framed))


def time_scores(network: Network, event: EventExample, read: Tensor) -> Tensor:
    """Return the score of each time on offer, given what the heads say."""
    return network.mix["time_trust"] * read + torch.from_numpy(event.times) @ network.mix["time"]


def chain_scores(network: Network, example: ArticleExample, states: Sequence[Tensor]) -> Tensor:
    """Return the log-odds that the two events of each pair are one."""
    triggers = _trigger_states(example.events, states)
    left = triggers[[pair[0] for pair in example.chains]]
    right = triggers[[pair[1] for pair in example.chains]]
    categories = torch.tensor([pair[2] for pair in example.chains])
    scores: Tensor = network.chains(left, right, categories)
    return scores[:, 0].float()
