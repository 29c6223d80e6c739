"""Measuring extraction against gold documents."""

from relgraph.evaluation.gold import read_gold
from relgraph.evaluation.score import Figures, NameNormaliser, Scores, score

__all__ = ["Figures", "NameNormaliser", "Scores", "read_gold", "score"]
