"""The compiled twin of a sentence-transformers model: OpenVINO and `tokenizers`, without torch."""

import queue
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from search.embedding.embedder import Vectors, unit
from search.embedding.runtime import openvino
from search.embedding.threads import keep_numpy_to_one_thread
from search.embedding.twin import read_twin
from search.errors import Corrupt

BATCH_PIECES = 2_048  # of a padded batch: 8 long passages; more is no faster and takes 4 MB a passage
FIT = 0.999  # cosine to the reference that every sample reaches
WIDTH = 16  # pieces that a query is padded to: where its width is the last one's, OpenVINO need not plan anew
CPU = {"PERFORMANCE_HINT": "THROUGHPUT"}  # a stream a core: docs/performance.md


class CompiledEmbedder:
    """Runs on the CPU, in bfloat16 where the processor multiplies it natively, else in float32.

    One text alone always gives the same vector; in a batch, whose padding changes sums, one of cosine 0.999 to that.
    """

    def __init__(self, folder: Path, identity: str) -> None:
        """Raises Unavailable where the folder holds no twin, Corrupt where it is not whole, or not the model's."""
        manifest = read_twin(folder, identity)
        self.identity = identity
        keep_numpy_to_one_thread()
        try:
            self._longest = manifest.longest
            self._load(folder)
            alone = np.concatenate([self.embed([text]) for text in manifest.samples])
            likeness = np.sum(alone * unit(_samples(folder)), axis=1)
        except Exception as error:  # whatever foreign files can make these libraries raise
            raise Corrupt(f"the compiled encoder in {folder} does not run here: {error}") from error
        if not np.all(likeness >= FIT):  # so that NaN is refused too
            raise Corrupt(f"the compiled encoder in {folder} has cosine {likeness.min():.4f} to the model, not {FIT}")

    def _load(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._padding = int((self._tokenizer.padding or {}).get("pad_id", 0))
        self._tokenizer.no_padding()  # the file may say to pad every text, and to cut it elsewhere than the model does
        self._tokenizer.enable_truncation(self._longest)
        self._model = openvino.Core().compile_model(str(folder / "model.xml"), "CPU", CPU)
        self._dimensions = self._model.output(0).get_partial_shape()[1].get_length()
        streams = self._model.get_property("OPTIMAL_NUMBER_OF_INFER_REQUESTS")
        self._idle: queue.SimpleQueue[openvino.InferRequest] = queue.SimpleQueue()
        for _ in range(streams):
            self._idle.put(self._model.create_infer_request())

    def embed(self, texts: Sequence[str]) -> Vectors:
        """One unit vector a text, in order. Texts longer than the model reads are cut by its tokenizer."""
        if len(texts) == 1:
            pieces = self._tokenizer.encode(texts[0]).ids
            width = min(-(-len(pieces) // WIDTH) * WIDTH, self._longest)
            return unit(self._run_one(padded([pieces], [0], self._padding, width)))
        return unit(self._run_all([encoding.ids for encoding in self._tokenizer.encode_batch_fast(list(texts))]))

    def _run_one(self, inputs: Sequence[NDArray[np.int64]]) -> Vectors:
        request = self._idle.get()
        try:
            request.infer(list(inputs), share_inputs=True)
            rows: Vectors = request.get_output_tensor(0).data.copy()
        finally:
            self._idle.put(request)
        return rows

    def _run_all(self, pieces: Sequence[Sequence[int]]) -> Vectors:
        """The vectors of many texts, a batch a core at a time, by requests that take their memory with them."""
        rows = np.zeros((len(pieces), self._dimensions), dtype=np.float32)
        requests = openvino.AsyncInferQueue(self._model)

        def keep(request: openvino.InferRequest, batch: Sequence[int]) -> None:
            rows[batch] = request.get_output_tensor(0).data

        requests.set_callback(keep)
        share = -(-sum(map(len, pieces)) // len(requests))  # a small job too keeps every core busy
        for batch in batched(pieces, min(share, BATCH_PIECES)):
            requests.start_async(list(padded(pieces, batch, self._padding)), userdata=batch)
        requests.wait_all()
        return rows


def batched(pieces: Sequence[Sequence[int]], most: int) -> Iterator[list[int]]:
    """Indices of the texts, longest first, in batches of one or of at most so many pieces once padded to their longest.

    >>> list(batched([[1] * 10, [1] * 3_000, [1] * 1_400, [1] * 12], most=3_000))
    [[1], [2, 3], [0]]
    """
    batch: list[int] = []
    for index in sorted(range(len(pieces)), key=lambda each: -len(pieces[each])):
        if batch and len(pieces[batch[0]]) * (len(batch) + 1) > most:
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch


def padded(
    pieces: Sequence[Sequence[int]], batch: Sequence[int], padding: int, width: int = 0
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Piece ids and attention mask of a batch, each of shape (texts, pieces of the longest, `width` at least).

    >>> [each.tolist() for each in padded([[7], [8, 9]], [1, 0], padding=0)]
    [[[8, 9], [7, 0]], [[1, 1], [1, 0]]]
    >>> [each.tolist() for each in padded([[7]], [0], padding=0, width=3)]
    [[[7, 0, 0]], [[1, 0, 0]]]
    """
    shape = len(batch), max(width, *(len(pieces[index]) for index in batch))
    ids, mask = np.full(shape, padding, dtype=np.int64), np.zeros(shape, dtype=np.int64)
    for row, index in enumerate(batch):
        ids[row, : len(pieces[index])] = pieces[index]
        mask[row, : len(pieces[index])] = 1
    return ids, mask


def _samples(folder: Path) -> NDArray[np.float32]:
    vectors: NDArray[np.float32] = np.load(folder / "samples.npy", allow_pickle=False)
    return vectors
