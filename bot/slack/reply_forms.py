"""Reply forms: a letter is begun, written, looked at and sent, with files of the ticket's thread if wanted, fetched first."""

import secrets
import time
from collections.abc import Mapping
from typing import Any

from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.desk import Refused
from bot.parcels import new_passphrase, sealed
from bot.slack.access import REPLY, Access
from bot.slack.courier import NETWORK, code
from bot.slack.errands import ERRANDS
from bot.slack.manners import Back, Event, go_on, open_view, privately, submit
from bot.slack.reply_views import (
    FIELDS,
    ONCE,
    Draft,
    begin_form,
    begun,
    chosen_files,
    mark,
    reply_form,
    send_form,
    told,
    with_passage,
    written,
)  # fmt: skip
from bot.slack.thread_files import NotFetched, fetch, offered

_WAIT = "Fetching the files; the letter leaves when all of them are there. You can wait here, or go on with something else."
_SENT = "The letter is on its way, with its files."
_OVERTAKEN_SECONDS = (0.0, 0.2, 0.5, 1.0)
_CHANGED = "You changed the letter. This is how it looks now; press Send if it is right."
_NOTHING_TO_SEAL = "There is nothing to encrypt: tick the files as well, or untick the zip."
_AGAIN = "Nothing was sent. The letter still stands in the form below."


def register_reply_forms(app: App, back: Back, access: Access) -> None:
    """Hang the forms' listeners into Bolt's app."""

    @app.action("reply")
    def on_reply(ack: Ack, body: Event, client: WebClient) -> None:
        ack()
        user, reference = body["user"]["id"], body["actions"][0]["value"]
        privately(client, body, user, access, lambda: open_view(client, body, lambda: _new(back, client, reference, user)), REPLY)

    @app.view("reply_begin")
    def on_begun(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        user = body["user"]["id"]
        go_on(ack, client, user, access, "start", lambda: _begun(back, user, view), view, REPLY)

    @app.view("reply")
    def on_written(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        sending = _Sending(back, client, body["user"]["id"], view)
        go_on(ack, client, sending.user, access, FIELDS[0], sending.preview, view, REPLY)

    @app.view("reply_send")
    def on_send(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        sending = _Sending(back, client, body["user"]["id"], view)
        if sending.changed:
            go_on(ack, client, sending.user, access, FIELDS[0], lambda: sending.preview(_CHANGED), view, REPLY)
        elif not sending.ids:
            submit(ack, client, sending.user, access, FIELDS[0], sending.record, REPLY)
        else:
            pushed = _Pushing(ack, sending.waiting)
            submit(pushed, client, sending.user, access, FIELDS[0], sending.look, REPLY)  # type: ignore[arg-type]
            if pushed.went_through:
                ERRANDS.run(sending.fetch_and_record)


class _Pushing:
    """An acknowledgement that shows another view on top where all is well, and remembers that it did."""

    def __init__(self, ack: Ack, view: Mapping[str, Any]) -> None:
        self._ack, self._view = ack, view
        self.went_through = False

    def __call__(self, **answer: Any) -> None:
        """As Bolt's own."""
        self.went_through = not answer
        self._ack(**(answer or {"response_action": "push", "view": dict(self._view)}))


class _Sending:
    """One pressing of Send. Files are fetched before anything is recorded: without all of them no letter leaves."""

    def __init__(self, back: Back, client: WebClient, user: str, view: Mapping[str, Any]) -> None:
        self._back, self._client, self.user = back, client, user
        self._view, self._draft = view, Draft.read(view)
        self._text = written(view)
        self.ids, self._seal = chosen_files(view)
        self.changed = self._draft.seen != mark(self._text, self.ids, seal=self._seal)
        self._external_id = f"reply-{self._draft.name}-{secrets.token_hex(4)}"
        self._facts: Mapping[str, Any] = {}

    @property
    def waiting(self) -> Mapping[str, Any]:
        """What stands above the form meanwhile."""
        return told(_WAIT, external_id=self._external_id)

    def look(self) -> Mapping[str, Any]:
        """The letter as it would leave. Everything is refused here that can be without the files. Raises Refused."""
        self._facts = self._back.show("reply_preview", self.user, reference=self._draft.reference, text=self._text,
                                      language=self._draft.language)  # fmt: skip
        return self._facts

    def preview(self, warning: str = "") -> Mapping[str, Any]:
        """The form that sends. Raises Refused."""
        if self._seal and not self.ids:
            raise Refused(_NOTHING_TO_SEAL, "seal")
        return send_form(self.look(), self._view, warning)

    def record(self, *files: Any) -> None:
        """Queue the letter. Raises Refused."""
        if self._seal and not files:
            raise Refused(_NOTHING_TO_SEAL, "seal")
        self._back.act("reply", self._draft.reference, self.user, text=self._text, language=self._draft.language, name=self._draft.name,
                       files=files, encrypted=bool(files) and self._seal)  # fmt: skip

    def fetch_and_record(self) -> None:
        """Fetch, pack and queue; then say what became of it, in the view or, where that was closed, in a line that nobody else sees."""
        passphrase = new_passphrase() if self._seal else ""
        try:
            files = fetch(self._client, self._facts["place"], self.ids, self._facts["largest"])
            self.record(*([sealed(self._draft.reference, files, passphrase)] if self._seal else files))
        except (NotFetched, Refused) as refusal:
            self._show(told(f"{refusal} {_AGAIN}"), f"{self._draft.reference}: {refusal} Nothing was sent.")
            return
        words = f"{self._draft.reference}: {_SENT}" + (f" Passphrase: `{passphrase}`. {ONCE}" if passphrase else "")
        if not self._show(told(_SENT, done=True, passphrase=passphrase), words) and passphrase:
            self._back.act("passphrase_lost", self._draft.reference, self.user)

    def _show(self, view: Mapping[str, Any], words: str) -> bool:
        """False where nothing reached the colleague.

        The acknowledgement that put the view there travels by the web socket: what follows by HTTP may overtake it.
        """
        shown = {**view, "external_id": self._external_id}
        for seconds in _OVERTAKEN_SECONDS:
            time.sleep(seconds)
            try:
                self._client.views_update(external_id=self._external_id, view=shown)
            except (SlackApiError, *NETWORK) as error:
                if not isinstance(error, SlackApiError) or code(error) != "not_found":
                    break
            else:
                return True
        return self._whisper(words)

    def _whisper(self, words: str) -> bool:
        try:
            self._client.chat_postEphemeral(channel=self._facts["place"][0], user=self.user, text=words)
        except (SlackApiError, *NETWORK):
            return False
        return True


def _new(back: Back, client: WebClient, reference: str, user: str) -> Mapping[str, Any]:
    """How the letter begins; files that can't be looked for are no reason not to write."""
    facts = back.show("reply_form", user, reference=reference)
    draft = Draft(reference=reference, name=secrets.token_hex(6), language=facts["language"])
    try:
        draft = draft.turned(files=tuple(offered(client, facts["place"])))
    except NotFetched as trouble:
        draft = draft.turned(trouble=str(trouble))
    return begin_form(facts, draft)


def _begun(back: Back, user: str, view: Mapping[str, Any]) -> Mapping[str, Any]:
    draft = Draft.read(view)
    start, language, numbers = begun(view)
    facts = back.show("reply_form", user, reference=draft.reference, start=start, language=language)
    text, passages = facts["text"], facts["passages"]
    if any(number >= len(passages) for number in numbers):
        raise Refused("That passage is no longer there. Please open the form again.", "passages")
    for number in numbers:
        text = with_passage(text, passages[number].text, facts["regards"])
    try:
        return reply_form(facts, draft.turned(language=facts["language"]), text)
    except ValueError:
        raise Refused("So many passages do not fit into one letter. Please choose fewer.", "passages") from None
