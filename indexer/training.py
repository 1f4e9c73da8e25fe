"""The rows of a static encoder, learnt so that the sum of a text's rows points where the model put it.

The loss is one less the cosine, by Adam on the rows that a batch holds (Kingma and Ba 2015, arXiv 1412.6980), at a rate
that falls to nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from indexer.follow import Progress
from search.embedding.embedder import Vectors
from search.embedding.static import Table

BATCH = 512  # texts, fewer where that would be less than STEPS to a round
STEPS = 20
RATE = 0.01  # of the first step
PAIR_WEIGHT = 0.1  # of a pair beside a piece: as fast as pieces they would learn the texts by heart, docs/ranking.md
PRIOR_LENGTH = 0.1  # of a row before it has learnt anything: ten steps of the rate


@dataclass(frozen=True, slots=True)
class Bags:
    """The rows of each text, one after the other: those of text n stand from `starts[n]` to `starts[n + 1]`."""

    rows: NDArray[np.int32]
    starts: NDArray[np.int64]

    def of(self, texts: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """The rows of some texts in the order given, and where each text's begin."""
        lengths = self.starts[texts + 1] - self.starts[texts]
        begins = np.cumsum(lengths) - lengths
        places = np.arange(lengths.sum()) + np.repeat(self.starts[texts] - begins, lengths)
        return self.rows[places].astype(np.int64), begins


def bagged(features: Sequence[NDArray[np.int64]]) -> Bags:
    """The texts' rows as one array."""
    starts = np.zeros(len(features) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in features], out=starts[1:])
    return Bags(np.concatenate(features).astype(np.int32), starts)


def trained(
    bags: Bags, targets: NDArray[np.float16], prior: Vectors, pairs: int, rounds: int, seed: int, progress: Progress
) -> tuple[Table, list[float]]:
    """The table of pieces and pairs, and the mean loss of each round, 0 to 2.

    `targets` are the model's vectors, a row a text, and `prior` those of each piece alone, from which it starts; the
    same seed gives the same table on the same machine.
    """
    pieces, dimensions = prior.shape
    table = np.zeros((pieces + pairs, dimensions), dtype=np.float32)  # a pair says nothing until it has learnt
    table[:pieces] = PRIOR_LENGTH * prior
    drawn = np.random.default_rng(seed)
    weights = torch.nn.Parameter(torch.from_numpy(table))
    adam = torch.optim.SparseAdam([weights], lr=RATE)
    count, losses, done = len(targets), [], 0
    batch = max(min(BATCH, count // STEPS), 1)
    for _ in range(rounds):
        order, loss = drawn.permutation(count), 0.0
        for first in range(0, count, batch):
            some = order[first : first + batch]
            adam.param_groups[0]["lr"] = RATE * (1 - done / (count * rounds))
            rows, begins = bags.of(some)
            shares = np.where(rows < pieces, np.float32(1), np.float32(PAIR_WEIGHT))
            loss += _step(adam, weights, (rows, begins, shares), targets[some])
            done += len(some)
            progress(done, count * rounds)
        losses.append(loss / count)
    table[pieces:] *= PAIR_WEIGHT
    return table, losses


def _step(adam: Any, weights: Any, bag: tuple[NDArray[Any], ...], targets: NDArray[np.float16]) -> float:
    """Learns from one batch, and returns the sum of its losses before that."""
    rows, begins, shares = (torch.from_numpy(each) for each in bag)
    sums = functional.embedding_bag(rows, weights, begins, mode="sum", sparse=True, per_sample_weights=shares)
    losses = 1 - functional.cosine_similarity(sums, torch.from_numpy(targets.astype(np.float32)))
    adam.zero_grad()
    losses.mean().backward()
    adam.step()
    return float(losses.detach().sum())
