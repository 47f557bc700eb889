"""No more advertising, in Slack: the form by which a colleague names the channels."""

from slack_bolt import Ack, App
from slack_sdk import WebClient

from bot.asking.channels import Channel
from bot.slack.access import Access
from bot.slack.blocks import Block
from bot.slack.entered import Entered
from bot.slack.manners import Back, Event, submit
from bot.slack.modals import form, label

_WORDS = {Channel.MAIL: "Mail", Channel.POST: "Post", Channel.PHONE: "Phone", Channel.SMS: "SMS"}


def register_suppression_forms(app: App, back: Back, access: Access) -> None:
    """Hang the form's listener into Bolt's app."""

    @app.view("suppress")
    def on_suppress(ack: Ack, body: Event, view: Event, client: WebClient) -> None:
        user, channels = body["user"]["id"], Entered(view).ticked("channels")
        submit(ack, client, user, access, "channels", lambda: back.act("suppress", view["private_metadata"], user, channels=channels))


def suppression_form(reference: str) -> Block:
    """By which ways the requester wants no more advertising."""
    options = [{"text": label(words), "value": channel.value} for channel, words in _WORDS.items()]
    boxes = {"type": "checkboxes", "action_id": "channels", "options": options}
    hint = "The address goes on the suppression list, and to the newsletter tool where a webhook is set up. Nothing is taken off here."
    return form("suppress", reference, "Save", [
        {"type": "input", "block_id": "channels", "label": label("No more advertising by"), "hint": label(hint), "element": boxes},
    ])  # fmt: skip
