"""How long the classifier takes: loading, reading one mail on one core, what of it is the encoder's, and how it grows with length."""

import os
import resource
import sys
from collections.abc import Callable, Sequence
from functools import partial
from statistics import median
from time import perf_counter

from intents.classifier import PIPELINE, Classifier
from intents.components import ENCODER
from intents.corpus import Example, read_test
from intents.encoder import Encoder

_EVERY = 3  # of the test mails


def main() -> None:
    """Print milliseconds, megabytes and ratios."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    start = perf_counter()
    classifier = Classifier.load()
    print(f"load (imports done)            {perf_counter() - start:8.2f} s")
    mails = read_test()[::_EVERY]
    classifier.predict(mails[0].subject, mails[0].body)  # the first one compiles cue tables
    whole = _times(classifier, mails)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    encoder = Encoder(PIPELINE / ENCODER)  # a second one, by itself
    alone = [_timed(partial(encoder.read, f"{one.subject}\n\n{one.body}")) for one in mails]
    long, short = _by_length(mails, whole)
    print(f"a mail, median of {len(mails)}          {median(whole):8.1f} ms")
    print(f"  of which the encoder         {median(alone) / median(whole):8.2f}")
    print(f"  longest tenth : shortest half{long / short:8.2f}")
    print(f"memory at its height           {peak:8.0f} MB")


def _times(classifier: Classifier, mails: Sequence[Example]) -> list[float]:
    return [_timed(partial(classifier.predict, one.subject, one.body)) for one in mails]


def _timed(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1000


def _by_length(mails: Sequence[Example], times: Sequence[float]) -> tuple[float, float]:
    ordered = [time for _, time in sorted(zip((len(one.body) for one in mails), times, strict=True))]
    return median(ordered[-len(ordered) // 10 :]), median(ordered[: len(ordered) // 2])


if __name__ == "__main__":
    main()
