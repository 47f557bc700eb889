"""Two workers on one mailbox and one PostgreSQL: each mail one ticket, each person one letter."""

from contextlib import ExitStack
from pathlib import Path

import pytest
import yaml

from tests.live.dovecot import Dovecot, wait_until
from tests.live.postgres import Postgres
from tests.live.test_running import letter_from
from tests.live.test_whole_life import folder_sizes
from tests.live.world import world


@pytest.mark.timeout(180)
def test_two_workers_share_the_work_and_double_nothing(tmp_path: Path, dovecot: Dovecot, postgres: Postgres) -> None:
    numbers = range(200, 225)
    with world(tmp_path, dovecot, slack=False) as live:
        data = yaml.safe_load(live.config_file.read_text("utf-8"))
        live.config_file.write_text(yaml.safe_dump({**data, "database": postgres.new_database()}), "utf-8")
        for number in numbers:
            live.dovecot.deliver(letter_from(number))
        with ExitStack() as both:
            app, _ = both.enter_context(live.running())
            both.enter_context(live.running())
            wait_until(lambda: folder_sizes(live)["INBOX"] == 0, 60)
            wait_until(lambda: app.figures()["outbox_waiting"] == 0 and len(live.smtp.letters) >= len(numbers), 60)
            assert app.figures()["tickets_open"] == len(numbers)
        assert [len(live.smtp.to(f"p{number}@people.example")) for number in numbers] == [1] * len(numbers)
