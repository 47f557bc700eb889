"""The watchdog's self-test mail on its real way: out by SMTP, in by IMAP, known and put aside."""

from datetime import UTC, datetime, time, timedelta
from pathlib import Path

import yaml

from bot.app import App, now
from bot.service import Service
from models import Message
from tests.builders import Clock
from tests.live.dovecot import USER, Dovecot, wait_until
from tests.live.test_whole_life import folder_sizes
from tests.live.world import DESK, World, world


def desk_lines(live: World) -> list[str]:
    assert live.slack is not None
    return [str(message["text"]) for message in live.slack.messages(DESK)]


def look(app: App, service: Service) -> None:
    """The watchdog's, right after a poll."""
    service.poke_mailbox()
    wait_until(lambda: app.figures()["seconds_since_poll"] == 0)
    app.watch("")


def test_the_mail_comes_back_and_is_put_aside_and_one_that_is_lost_is_told(tmp_path: Path, dovecot: Dovecot) -> None:
    with world(tmp_path, dovecot) as live:
        config = yaml.safe_load(live.config_file.read_text("utf-8"))
        live.config_file.write_text(yaml.safe_dump(config | {"watchdog": {"self_test": "07:30"}}), "utf-8")
        clock = Clock(datetime.combine(now().date() - timedelta(days=1), time(12), UTC))  # the server's clock is the real one
        before = folder_sizes(live).get("Privacy/Ignored", 0)
        with live.running(clock) as (app, service):
            live.smtp.wait_for(lambda: live.smtp.to(USER))
            dovecot.deliver(live.smtp.to(USER)[0].as_bytes(), sender="")
            wait_until(lambda: folder_sizes(live).get("Privacy/Ignored", 0) == before + 1)
            clock.at += timedelta(minutes=31)
            look(app, service)
            [rule] = app.read(lambda session: [message.rule for message in session.query(Message)])
            assert (rule, app.figures()["tickets_open"], len(live.smtp.letters), desk_lines(live)) == ("self_test", 0, 1, [])
            clock.at += timedelta(days=3)
            look(app, service)
            live.smtp.wait_for(lambda: len(live.smtp.to(USER)) == 2)
            clock.at += timedelta(minutes=31)
            look(app, service)
            wait_until(lambda: desk_lines(live))
            assert "took it, but it did not arrive" in desk_lines(live)[0]
