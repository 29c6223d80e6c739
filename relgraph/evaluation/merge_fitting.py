"""Fitting of the two models of merging (``relgraph/graph/merging/weights.json``).

``python -m relgraph.evaluation.merge_fitting --gold DIR... --articles DIR... --pairs FILE`` fits the model
within articles on the gold documents of all folders, the one across articles on those judged pairs whose
articles are both in the first, prints figures by five-fold cross-validation over articles, and writes the
weights.

Within articles, the examples are all pairs of mentions that agree on type and factuality, judged by their
chains. Across articles, they are the judged pairs with what follows from them (what is one with one is one
with the other), and the pairs that blocking lets through without anybody having judged them, as negatives of
half the weight: nearly all of them are.
"""

import argparse
import json
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import combinations
from pathlib import Path
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt

from relgraph.annotation import read_gold
from relgraph.evaluation.merging import JudgedPair, mention_key, read_pairs, stored_in_memory
from relgraph.files import replacing
from relgraph.graph.merging.clustering import clusters
from relgraph.graph.merging.features import features
from relgraph.graph.merging.merger import Chain, Merger, repeated
from relgraph.graph.merging.scoring import ACROSS, THRESHOLDS, WITHIN, times_allow, weights_file
from relgraph.kb import KnowledgeBase

_RIDGE: Final = 1.0
_FOLDS: Final = 5
_UNJUDGED: Final = 0.5
_AGAINST: Final = frozenset(
    ("time-apart", "time-vague", "time-next-day", "time-half-known", "no-participants", "roles-swapped")
)
_EITHER_SIGN: Final = frozenset(("bias", "time-unknown", "same-sentence", "headline", "nearness"))
_ABOUT: Final = (
    "Log-odds of two logistic regressions, fitted by relgraph.evaluation.merge_fitting on the 196 articles "
    "of the evaluation folder's gold-train and the 185 of data/annotation/documents (within), and on the "
    "pairs of data/annotation/cross-article-events.jsonl whose articles are both in gold-train (across)."
)

Floats = npt.NDArray[np.float64]


class Example(NamedTuple):
    """Two mentions or chains.

    Attributes:
        group: examples of one group are never on both sides of a cross-validation.
    """

    features: Mapping[str, float]
    same: bool
    weight: float
    group: str


def examples_within(merger: Merger) -> list[Example]:
    """Return all pairs of mentions of one article that agree on type and factuality."""
    examples = []
    for graph in merger.all_articles():
        mentions = {mention.iri.value: mention for mention in merger.reader.of_article(graph)}
        groups = clusters(mentions, {}, 1.0, repeated(mentions))
        chain_of = {iri: number for number, group in enumerate(groups) for iri in group}
        for (iri, one), (other_iri, other) in combinations(mentions.items(), 2):
            a, b = one.profile, other.profile
            if (a.type, a.factuality) == (b.type, b.factuality):
                same = chain_of[iri] == chain_of[other_iri]
                examples.append(Example(features(a, b, merger.reader.state), same, 1.0, graph.value))
    return examples


def examples_across(merger: Merger, pairs: Iterable[JudgedPair]) -> list[Example]:
    """Return the judged pairs of chains, what follows from them, and unjudged candidates."""
    chains = {iri: merger.chain(iri) for graph in merger.all_articles() for iri in merger.chains_of(graph)}
    judged, group_of = _judged(chains, pairs)
    candidates = {
        frozenset((iri, other)) for iri, chain in chains.items() for other in merger.candidates(chain)
    }
    examples = []
    for pair in sorted(judged.keys() | candidates, key=sorted):
        one, other = (chains[iri].profile for iri in sorted(pair))
        if (one.type, one.factuality) == (other.type, other.factuality) and times_allow(one, other):
            figures = features(one, other, merger.reader.state)
            group = min(group_of.get(iri, iri) for iri in pair)
            examples.append(
                Example(figures, judged.get(pair, False), 1.0 if pair in judged else _UNJUDGED, group)
            )
    return examples


def _judged(
    chains: Mapping[str, Chain], pairs: Iterable[JudgedPair]
) -> tuple[dict[frozenset[str], bool], dict[str, str]]:
    """Return judged pairs of chains with what follows from them, and the group of each chain in them."""
    chain_of = {mention_key(m.iri): iri for iri, chain in chains.items() for m in chain.mentions}
    root = {iri: iri for iri in chains}

    def find(iri: str) -> str:
        while root[iri] != iri:
            iri = root[iri]
        return iri

    known = [
        (chain_of[p.a.key], chain_of[p.b.key], p.same) for p in pairs if {p.a.key, p.b.key} <= chain_of.keys()
    ]
    for one, other, same in known:
        if same:
            root[find(one)] = find(other)
    groups = defaultdict(list)
    for iri in chains:
        groups[find(iri)].append(iri)
    judged = {frozenset(pair): True for group in groups.values() for pair in combinations(group, 2)}
    judged |= {frozenset((one, other)): same for one, other, same in known if one != other}
    return judged, {iri: find(iri) for iri in chains}


def fit(examples: Sequence[Example]) -> dict[str, float]:
    """Return weights by ridge-penalised logistic regression (Newton's method).

    Agreement never counts against a merge, nor conflict for it: figures whose weight comes out with the
    wrong sign are left out, and the rest is fitted again.
    """
    names, matrix, same, weights = _arrays(examples)
    return dict(zip(names, _signed_fit(names, matrix, same, weights).round(3).tolist(), strict=True))


def _signed_fit(names: Sequence[str], matrix: Floats, same: Floats, weights: Floats) -> Floats:
    signs = np.array([_sign(name) for name in names])
    used = np.ones(len(names), dtype=bool)
    while True:
        beta = np.zeros(len(names))
        beta[used] = _newton(matrix[:, used], same, weights)
        wrong = beta * signs < 0
        if not wrong.any():
            return beta
        used &= ~wrong


def _sign(name: str) -> int:
    """Return the sign that a figure's weight must have, 0 for any."""
    if name.startswith("speech") or name in _EITHER_SIGN:
        return 0
    return -1 if name in _AGAINST or name.endswith("-conflict") else 1


def _arrays(examples: Sequence[Example]) -> tuple[list[str], Floats, Floats, Floats]:
    names = sorted(examples[0].features)
    matrix = np.array([[1.0, *(example.features[name] for name in names)] for example in examples])
    same = np.array([float(example.same) for example in examples])
    return ["bias", *names], matrix, same, np.array([example.weight for example in examples])


def _newton(matrix: Floats, same: Floats, weights: Floats) -> Floats:
    beta: Floats = np.zeros(matrix.shape[1])
    step: Floats = np.ones(matrix.shape[1])
    while np.abs(step).max() > 1e-6:
        chance = 1 / (1 + np.exp(-matrix @ beta))
        slope = matrix.T @ (weights * (chance - same)) + _RIDGE * beta
        curvature = (matrix * (weights * chance * (1 - chance))[:, None]).T @ matrix
        step = np.asarray(np.linalg.solve(curvature + _RIDGE * np.eye(len(beta)), slope), dtype=np.float64)
        beta -= step
    return beta


def cross_validated_f1(examples: Sequence[Example], model: str) -> float:
    """Return the F1 of single decisions on judged pairs, each by a model that has not seen its group."""
    names, matrix, same, weights = _arrays(examples)
    fold = np.array([zlib.crc32(example.group.encode()) % _FOLDS for example in examples])
    chance = np.zeros(len(examples))
    for number in range(_FOLDS):
        test = fold == number
        beta = _signed_fit(names, matrix[~test], same[~test], weights[~test])
        chance[test] = 1 / (1 + np.exp(-matrix[test] @ beta))
    counted, found = weights == 1.0, chance >= THRESHOLDS[model]
    correct = float((found & (same == 1) & counted).sum())
    return 200 * correct / float((found & counted).sum() + (same[counted] == 1).sum())


def main(gold_dirs: Sequence[Path], articles_dirs: Sequence[Path], pairs: Path) -> None:
    """Fit both models, print their figures and write their weights."""
    knowledge = KnowledgeBase.load()
    documents = [[gold for _, gold in read_gold(folder, articles_dirs)] for folder in gold_dirs]
    everything = [document for folder in documents for document in folder]
    within = examples_within(Merger(stored_in_memory(everything, knowledge)))
    merger = Merger(stored_in_memory(documents[0], knowledge))
    merger.rechain(merger.all_articles(), scored=False)
    across = examples_across(merger, read_pairs(pairs))
    for name, examples in ((WITHIN, within), (ACROSS, across)):
        print(
            f"{name}: {len(examples)} examples, cross-validated F1 {cross_validated_f1(examples, name):.1f}"
        )
    content = {"about": _ABOUT, WITHIN: fit(within), ACROSS: fit(across)}
    with replacing(weights_file()) as stream:
        stream.write(f"{json.dumps(content, indent=1)}\n".encode())


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Fit the weights of merging.")
    parser.add_argument("--gold", type=Path, nargs="+", required=True, help="folders of ID.gold.json")
    parser.add_argument("--articles", type=Path, nargs="+", required=True, help="folders of ID.txt")
    parser.add_argument(
        "--pairs", type=Path, required=True, help="judged pairs of the first folder's articles"
    )
    given = parser.parse_args()
    main(given.gold, given.articles, given.pairs)
