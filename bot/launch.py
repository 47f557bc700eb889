"""Launch: puts the app, its carriers and the running service together; for `run` and for the demo alike."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from time import monotonic

from bot.app import App, now
from bot.config import Config
from bot.config_file import Secrets
from bot.mailbox import Mailbox
from bot.service import Service
from bot.slack.access import Access
from bot.slack.connection import SlackConnection, web_client
from bot.slack.courier import SlackCourier
from models import Carrier


def launch(config: Config, secrets: Secrets, clock: Callable[[], datetime] = now) -> tuple[App, Service]:
    """The bot, ready to be started. Raises what `App` raises; Slack and the mailbox are reached only once it runs."""

    def openers() -> list[tuple[str, Callable[[], Mailbox]]]:
        return [(one.mailbox.name, partial(Mailbox, one.mailbox.imap, one.imap, one.mailbox.name)) for one in app.accounts]

    def seconds() -> float:
        return clock().timestamp()

    if config.slack is None:
        app = App(config, secrets, clock=clock)
        return app, Service(config, app, openers(), None, None, seconds)
    client = web_client(config.slack.api_url, secrets.slack_bot_token)
    courier = SlackCourier(client, config.organisation.time_zone)
    app = App(config, secrets, couriers={Carrier.SLACK: courier}, clock=clock)
    access = Access(config.slack.desk_channel, monotonic, config.slack.who_may, config.slack.only.circles)
    http = config.slack.http if config.slack.mode == "http" else None
    connection = SlackConnection(
        client, secrets.slack_app_token, app, access, config.slack.intake_channel, http, secrets.slack_signing_secret
    )  # fmt: skip
    return app, Service(config, app, openers(), connection, client, seconds)
