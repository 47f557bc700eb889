"""What is a repeat, and what is the next form in the same window."""

from typing import Any

from slack_bolt import Ack

from bot.slack.repeats import Repeats


def form(text: str, callback: str = "reply") -> dict[str, Any]:
    """A submitted form of a window whose hash does not change."""
    state = {"values": {"text": {"text": {"value": text}}}}
    view = {"id": "V1", "hash": "", "callback_id": callback, "private_metadata": "", "state": state}
    return {"type": "view_submission", "view": view}


def done(repeats: Repeats, body: dict[str, Any], **answer: Any) -> bool:
    """Whether the listeners were asked."""
    ack = Ack()  # type: ignore[no-untyped-call]
    asked: list[Any] = []

    def listener() -> None:
        asked.append(body)
        ack(**answer)

    repeats.answer_once(body, ack, listener)
    return bool(asked)


def test_the_same_form_twice_is_done_once() -> None:
    repeats = Repeats()
    assert [done(repeats, form("Hello")), done(repeats, form("Hello"))] == [True, False]


def test_the_next_form_of_the_window_and_other_words_are_no_repeats() -> None:
    repeats = Repeats()
    assert all(done(repeats, body) for body in (form("Hello"), form("Hello", "reply_send"), form("Hello!", "reply_send")))


def test_a_form_below_another_view_may_be_sent_again() -> None:
    repeats, above = Repeats(), {"type": "modal", "title": {"type": "plain_text", "text": "Wait"}, "blocks": []}
    assert done(repeats, form("Hello"), response_action="push", view=above) and done(repeats, form("Hello"))
