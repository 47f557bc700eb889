"""What `/privacy` answers beside lists of tickets: search, the digest, the form of a new ticket."""

from collections.abc import Callable, Mapping

from slack_bolt import Respond
from slack_sdk import WebClient

from bot.slack.blocks import listing
from bot.slack.manners import Back, Event
from bot.slack.new_ticket_forms import open_empty

Answer = Callable[[Back, WebClient, Event, Respond, str, str], None]


def _search(back: Back, _client: WebClient, _body: Event, respond: Respond, argument: str, user: str) -> None:
    """What was searched for is not repeated: the answer may be seen over a shoulder."""
    found = back.show("search", user, text=argument)
    blocks = listing("Found, open or closed", found) if found else None
    respond(text=f"{len(found)} tickets" if found else "Nothing found.", blocks=blocks, response_type="ephemeral")


def _digest(back: Back, _client: WebClient, _body: Event, respond: Respond, argument: str, user: str) -> None:
    text, blocks = back.show("digest", user, week=argument)
    respond(text=text, blocks=blocks, response_type="ephemeral")


def _new(back: Back, client: WebClient, body: Event, _respond: Respond, _argument: str, user: str) -> None:
    open_empty(back, client, body, user)


ANSWERS: Mapping[str, Answer] = {"search": _search, "digest": _digest, "new": _new}
"""By the command's word."""
