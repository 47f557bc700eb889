"""How soon Slack is answered, on loopback: from envelope to acknowledgement, and from an event to the message that it leads to."""

from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median, quantiles
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.builders import sqlite_url
from tests.slack_desk import ANN, BEN, DESK, INTAKE, SlackDesk, slack_desk

_TICKETS = 40
_GOALS = {"press to acknowledgement": 20, "form to acknowledgement": 200, "claim to card": 200, "post to answer": 200}
"""Milliseconds, median."""


def main() -> None:
    """Print milliseconds and their part of the goal."""
    with TemporaryDirectory() as folder, slack_desk(sqlite_url(Path(folder))) as desk:
        references = [desk.ticket(number) for number in range(_TICKETS)]
        _told("press to acknowledgement", (_press(desk, reference) for reference in references))
        _told("claim to card", (_claim(desk, reference) for reference in references))
        _told("form to acknowledgement", (_close(desk, reference) for reference in references))
        _told("post to answer", (_post(desk, number) for number in range(_TICKETS)))


def _told(name: str, times: Iterable[float]) -> None:
    measured = list(times)
    middle, high = median(measured), quantiles(measured, n=10)[-1]
    print(f"{name:26}{middle:8.1f} ms   nine of ten{high:8.1f} ms   of the goal{middle / _GOALS[name]:6.2f}")


def _milliseconds(work: Callable[[], object]) -> float:
    start = perf_counter()
    work()
    return (perf_counter() - start) * 1_000


def _press(desk: SlackDesk, reference: str) -> float:
    ts = desk.card(reference)["ts"]
    taken = _milliseconds(lambda: desk.slack.press(BEN, DESK, ts, "view").wait_ack())
    desk.slack.wait_for(lambda: desk.slack.views_of(BEN), 10)
    desk.slack.close_view(BEN, desk.view_of(BEN))
    return taken


def _claim(desk: SlackDesk, reference: str) -> float:
    ts = desk.card(reference)["ts"]

    def claim() -> None:
        desk.slack.press(ANN, DESK, ts, "claim")
        desk.slack.wait_for(lambda: f"<@{ANN}>" in str(desk.slack.message(DESK, ts)), 10)

    return _milliseconds(claim)


def _close(desk: SlackDesk, reference: str) -> float:
    desk.press(ANN, reference, "close")
    form = desk.view_of(ANN)
    return _milliseconds(lambda: desk.slack.submit(ANN, form, {"outcome": "fulfilled", "send": ["send"]}).wait_ack())


def _post(desk: SlackDesk, number: int) -> float:
    def post() -> None:
        said = desk.slack.say(INTAKE, ANN, f"Please erase all data of p{number}@caller.example, article 17 GDPR.")
        desk.slack.wait_for(lambda: len(desk.slack.thread(INTAKE, said.ts)) > 1, 10)

    return _milliseconds(post)


if __name__ == "__main__":
    main()
