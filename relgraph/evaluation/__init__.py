"""Measuring extraction against gold documents."""

from relgraph.annotation import read_gold
from relgraph.evaluation.given import extract_given
from relgraph.evaluation.mistakes import count_mistakes
from relgraph.evaluation.score import Figures, NameNormaliser, Scores, score

__all__ = ["Figures", "NameNormaliser", "Scores", "count_mistakes", "extract_given", "read_gold", "score"]
