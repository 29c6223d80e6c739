"""Which of several mentions or chains belong together, when each pair has a score.

Average linkage: the two clusters with the highest average score are joined, as long as it reaches the
threshold (Sokal & Michener 1958). The result depends on items and scores, not on the order in which they
come.
"""

import heapq
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping

Pair = frozenset[str]
"""Two items."""


def clusters(
    items: Iterable[str],
    scores: Mapping[Pair, float],
    threshold: float,
    must: Collection[Pair] = (),
    never: Collection[Pair] = (),
) -> list[list[str]]:
    """Return the items in clusters, each sorted, in the order of their first items.

    Args:
        scores: of pairs of items; a pair without a score counts 0.
        must: pairs that are joined whatever their score.
        never: pairs that are kept apart, also against ``must``.
    """
    return _Clustering(sorted(items), scores, never).run(threshold, must)


class _Clustering:
    """Clusters by their first items, with the sums of scores and the vetoes between them."""

    def __init__(self, items: list[str], scores: Mapping[Pair, float], never: Collection[Pair]) -> None:
        self.members = {item: [item] for item in items}
        self.cluster_of = {item: item for item in items}
        self.sums: dict[str, dict[str, float]] = defaultdict(dict)
        self.vetoes: dict[str, set[str]] = defaultdict(set)
        for pair, score in sorted((sorted(pair), score) for pair, score in scores.items()):
            one, other = pair
            self.sums[one][other] = self.sums[other][one] = score
        for one, other in map(sorted, never):
            if one in self.members and other in self.members:
                self.vetoes[one].add(other)
                self.vetoes[other].add(one)

    def run(self, threshold: float, must: Collection[Pair]) -> list[list[str]]:
        for one, other in sorted(tuple(sorted(pair)) for pair in must):
            first, second = self.cluster_of.get(one), self.cluster_of.get(other)
            if first and second and first != second and second not in self.vetoes[first]:
                self._join(first, second)
        queue = [entry for one in self.members for entry in self._offers(one) if entry[1] < entry[2]]
        heapq.heapify(queue)
        while queue:
            offer = heapq.heappop(queue)
            worth, one, other, size = offer
            if -worth < threshold:
                break
            if size == self._size(one, other) and other in self.sums[one]:
                joined = self._join(one, other)
                for entry in self._offers(joined):
                    heapq.heappush(queue, entry)
        return [sorted(members) for _, members in sorted(self.members.items())]

    def _offers(self, one: str) -> Iterable[tuple[float, str, str, tuple[int, int]]]:
        """Yield the joins open to a cluster, best first by order of tuples."""
        for other, total in self.sums[one].items():
            if other not in self.vetoes[one]:
                first, second = min(one, other), max(one, other)
                average = total / (len(self.members[one]) * len(self.members[other]))
                yield -round(average, 9), first, second, self._size(first, second)

    def _size(self, one: str, other: str) -> tuple[int, int]:
        """Sizes tell whether an offer is stale: a cluster never keeps its first item and its size."""
        return len(self.members.get(one, ())), len(self.members.get(other, ()))

    def _join(self, one: str, other: str) -> str:
        kept, gone = min(one, other), max(one, other)
        self.members[kept] += self.members.pop(gone)
        for item in self.members[kept]:
            self.cluster_of[item] = kept
        for third, total in self.sums.pop(gone, {}).items():
            del self.sums[third][gone]
            if third != kept:
                self.sums[kept][third] = self.sums[third][kept] = self.sums[kept].get(third, 0.0) + total
        for third in self.vetoes.pop(gone, set()):
            self.vetoes[third].discard(gone)
            self.vetoes[third].add(kept)
            self.vetoes[kept].add(third)
        return kept
