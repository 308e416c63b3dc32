"""How well global descriptors retrieve: the right answers among the first, and the mean average precision."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

RANKS = (1, 5, 10)


@dataclass
class Retrieval:
    """Recall at the ranks, the mean average precision, and over how many queries."""

    recall: tuple[float, ...]
    average: float
    queries: int


def measure(similarity: np.ndarray, relevant: np.ndarray) -> Retrieval:
    """Of queries against a map [q, m]; `relevant` says which answers are right; queries without one do not count."""
    asked = relevant.any(1)
    order = np.argsort(-similarity[asked], axis=1, kind="stable")
    hit = np.take_along_axis(relevant[asked], order, axis=1)
    precision = np.cumsum(hit, axis=1) / np.arange(1, hit.shape[1] + 1)
    average = (precision * hit).sum(1) / hit.sum(1)
    return Retrieval(tuple(float(hit[:, :k].any(1).mean()) for k in RANKS), float(average.mean()), int(asked.sum()))


def mean(results: list[Retrieval]) -> Retrieval:
    """Over all queries of several sets."""
    weights = np.array([r.queries for r in results], float)
    recall = np.average([r.recall for r in results], axis=0, weights=weights)
    average = np.average([r.average for r in results], weights=weights)
    return Retrieval(tuple(float(r) for r in recall), float(average), int(weights.sum()))


def reranked(similarity: np.ndarray, first: int, count: Callable[[int, int], float]) -> np.ndarray:
    """The similarities, with the first answers of each query before all others, in the order of `count`."""
    changed = similarity.copy()
    for q, row in enumerate(similarity):
        for answer in np.argsort(-row, kind="stable")[:first]:
            changed[q, answer] = 10 + count(q, int(answer)) + 0.1 * row[answer]
    return changed
