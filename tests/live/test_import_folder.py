"""Importing a folder of a real mailbox: true dates, nothing moved or marked as read, and again without harm."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import __main__ as command_line
from bot.app import App
from bot.config_file import read_config
from tests.builders import mail
from tests.live.dovecot import Dovecot
from tests.live.test_mailbox import flags_and_size, other_client
from tests.live.world import world

ERASE = "Please delete all personal data that you hold about me, Article 17 GDPR."


def test_a_folder_is_imported_by_its_servers_dates_and_left_as_it_was(
    tmp_path: Path, dovecot: Dovecot, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with world(tmp_path, dovecot, slack=False) as live:
        live.write_config(largest_mail="4kB")
        with other_client(dovecot) as client:
            client.create_folder("Old requests")
            for number in (2, 1):
                raw = mail(ERASE, number=number, sender=f"p{number}@people.example")
                client.append("Old requests", raw, msg_time=datetime(2026, 3, number, 9, tzinfo=UTC))
            client.append("Old requests", mail("x " * 4000, number=3), msg_time=datetime(2026, 3, 3, 9, tzinfo=UTC))
        for name, value in live.environment.items():
            monkeypatch.setenv(name, value)

        def run(*arguments: str) -> tuple[int, str, str]:
            monkeypatch.setattr("sys.argv", ["privacybot", "import", "folder", *arguments, "--config", str(live.config_file)])
            with pytest.raises(SystemExit) as end:
                command_line.main()
            said = capsys.readouterr()
            return int(end.value.code or 0), said.out, said.err

        assert run("Old requests")[:2] == (0, (
            "3 mails: 3 opened, 0 joined, 0 copy, 0 known, 0 noise, 0 ignored, 0 held, 0 failed\nReceived dates: 3 by INTERNALDATE\n"
        ))  # fmt: skip
        assert run("Old requests")[1].startswith("3 mails: 0 opened, 0 joined, 0 copy, 3 known")
        assert flags_and_size(dovecot, "Old requests") == (set(), 3)
        code, out, err = run("Nowhere")
        assert (code, out) == (2, "") and err.startswith("Nowhere: is no folder of the mailbox; there are ") and "Old requests" in err
        app = App(read_config(live.config_file), live.secrets())
        facts = app.tickets("list", "", "")
        app.close()
        assert [one["received_at"] for one in facts] == [f"2026-03-0{day}T09:00:00+00:00" for day in (1, 2, 3)]
        assert live.smtp.letters == []
