"""The command line as a person meets it: one message for what is wrong, the right exit code, and nothing changed by a look."""

import base64
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

from bot.config_file import read_config
from models import Vault, open_engine
from models.schema import upgrade
from tests.live.postgres import Postgres
from tests.live.smtp_sink import SmtpSink
from tests.terminal import CLOSED_PORT, KEY, Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def make_database(terminal: Terminal, key: str = KEY) -> None:
    engine = open_engine(f"sqlite:///{terminal.database}", Vault(key))
    upgrade(engine)
    engine.dispose()


class TestBadInput:
    """Exit code 2, one message a fault, and never a traceback."""

    def test_a_fault_in_the_config(self, terminal: Terminal) -> None:
        terminal.write(digest={"day": "monday", "at": "noon"}, nonsense=1)
        for command in ("check", "run", "purge", "tickets", "digest"):
            code, out, err = terminal.run(command)
            first, second = err.splitlines()
            assert (code, out) == (2, "")
            assert first.startswith("config.yaml, line ") and first.endswith(": digest.at: write a time of day as 08:30")
            assert ": nonsense: is not a key of this place; allowed are organisation, mailbox," in second

    def test_a_fault_in_the_config_seen_from_outside(self, terminal: Terminal) -> None:
        (terminal.folder / "config.yaml").write_text("")
        assert terminal.run_apart("check") == (2, "", "config.yaml, line 1: must hold keys such as organisation: and mailbox:\n")

    def test_no_config(self, terminal: Terminal) -> None:
        answer = terminal.run("check", "--config", "other.yaml")
        assert answer == (2, "", "other.yaml: there is no such file; make one with: privacybot init\n")

    def test_missing_secrets(self, terminal: Terminal) -> None:
        terminal.environ = {}
        code, _, err = terminal.run("run")
        assert code == 2
        assert err.splitlines() == [
            f"{name}: is not set in the environment (nor {name}_FILE, a file that holds it)"
            for name in ("PRIVACYBOT_KEY", "PRIVACYBOT_IMAP_PASSWORD")
        ]

    @pytest.mark.parametrize("key", ["hunter2", base64.b64encode(b"too short").decode(), KEY[:-1]])
    @pytest.mark.parametrize("command", ["check", "purge", "run"])
    def test_a_key_that_is_none(self, terminal: Terminal, command: str, key: str) -> None:
        terminal.environ["PRIVACYBOT_KEY"] = key
        assert terminal.run(command) == (
            2, "", "PRIVACYBOT_KEY: the key must be 32 random bytes in base64 (make one with: privacybot init --new-key)\n",
        )  # fmt: skip
        assert not terminal.database.exists()

    def test_a_database_address_that_is_none(self, terminal: Terminal) -> None:
        terminal.environ["PRIVACYBOT_DATABASE_URL"] = "mysql://root:hunter2@db/x"
        assert terminal.run("check") == (2, "", "PRIVACYBOT_DATABASE_URL: write a database as sqlite:///FILE or postgresql://HOST/NAME\n")

    def test_unknown_commands_and_options(self, terminal: Terminal) -> None:
        assert terminal.run("chekc")[0] == 2
        assert terminal.run("check", "--colour")[0] == 2


class TestDatabase:
    """What `check` says of a database and what `purge` ends with are the same words; exit code 1, and nothing is changed."""

    @staticmethod
    def assert_unusable(terminal: Terminal, words: str) -> None:
        before = terminal.database.read_bytes() if terminal.database.exists() else None
        checked, purged = terminal.run("check"), terminal.run("purge")
        assert (checked[0], terminal.line(checked, "database"), checked[2]) == (1, f"FAIL  database  {words}", "")
        assert purged == (1, "", f"{words}\n")
        assert before == (terminal.database.read_bytes() if terminal.database.exists() else None)

    def test_locked_by_another_program(self, terminal: Terminal) -> None:
        make_database(terminal)
        with sqlite3.connect(terminal.database) as other:
            other.execute("BEGIN IMMEDIATE")
            self.assert_unusable(terminal, "the database is locked by another program")
        other.close()

    def test_of_a_newer_version(self, terminal: Terminal) -> None:
        make_database(terminal)
        with sqlite3.connect(terminal.database) as other:
            other.execute("UPDATE alembic_version SET version_num = '9999'")
        other.close()
        self.assert_unusable(terminal, "the database was made by another version of privacybot (revision 9999); install that version")

    def test_of_another_program(self, terminal: Terminal) -> None:
        with sqlite3.connect(terminal.database) as other:
            other.execute("CREATE TABLE recipes (id INTEGER)")
        other.close()
        self.assert_unusable(terminal, "the database holds tables of another program; give privacybot one of its own")

    def test_of_another_key(self, terminal: Terminal) -> None:
        make_database(terminal, Vault.new_key())
        self.assert_unusable(terminal, "PRIVACYBOT_KEY is not the key this database was made with")

    def test_in_a_folder_that_does_not_exist(self, terminal: Terminal) -> None:
        terminal.environ["PRIVACYBOT_DATABASE_URL"] = f"sqlite:///{terminal.folder}/nowhere/bot.db"
        self.assert_unusable(terminal, "the database file can't be opened (does its folder exist, may this user write there?)")
        assert not (terminal.folder / "nowhere").exists()

    def test_that_is_no_database(self, terminal: Terminal) -> None:
        terminal.database.write_text("Dear madam, " * 100)
        self.assert_unusable(terminal, "the file is not a database")

    def test_of_a_server_that_refuses(self, terminal: Terminal) -> None:
        terminal.environ["PRIVACYBOT_DATABASE_URL"] = f"postgresql://bot:hunter2@127.0.0.1:{CLOSED_PORT}/privacy"
        self.assert_unusable(terminal, "the database server does not answer")

    def test_of_a_server_that_does_not_know_the_user(self, terminal: Terminal, postgres: Postgres) -> None:
        terminal.environ["PRIVACYBOT_DATABASE_URL"] = postgres.new_database().replace("bot@", "stranger:hunter2@")
        self.assert_unusable(terminal, "the database refused user or password")

    def test_that_may_only_be_read(self, terminal: Terminal) -> None:
        make_database(terminal)
        terminal.database.chmod(0o444)
        before = terminal.database.read_bytes()
        checked, purged = (terminal.run_apart(command, before=as_an_ordinary_user()) for command in ("check", "purge"))
        assert (checked[0], terminal.line(checked, "database")) == (1, "FAIL  database  the database is read-only")
        assert purged == (1, "", "the database is read-only\n")
        assert terminal.database.read_bytes() == before

    def test_a_look_at_none_makes_none(self, terminal: Terminal) -> None:
        code, out, _ = terminal.run("check")
        assert terminal.line((code, out, ""), "database") == "ok    database  there is none yet; it will be made at the first run"
        assert [path.name for path in terminal.folder.iterdir()] == ["config.yaml"]

    def test_purge_works_on_a_good_one(self, terminal: Terminal) -> None:
        terminal.write(model=None)
        assert terminal.run("purge") == (0, "messages emptied: 0\nmessages deleted: 0\ntickets deleted: 0\n", "")


class TestInit:
    def test_it_writes_a_config_that_is_valid_and_a_key_that_works(self, terminal: Terminal) -> None:
        (terminal.folder / "config.yaml").unlink()
        code, out, err = terminal.run("init", str(terminal.folder))
        assert (code, err) == (0, "")
        assert read_config(terminal.folder / "config.yaml").organisation.name == "Example GmbH"
        key = out.splitlines()[-1].removeprefix("export PRIVACYBOT_KEY=")
        vault = Vault(key)
        assert vault.decrypt(vault.encrypt(b"x", "test"), "test") == b"x"

    def test_it_never_overwrites(self, terminal: Terminal) -> None:
        before = (terminal.folder / "config.yaml").read_bytes()
        assert terminal.run("init") == (2, "", "config.yaml: is there already; it was left as it is\n")
        assert (terminal.folder / "config.yaml").read_bytes() == before

    def test_a_folder_that_is_not_there(self, terminal: Terminal) -> None:
        code, _, err = terminal.run("init", "nowhere")
        assert (code, err) == (2, "nowhere/config.yaml: can't be written (No such file or directory)\n")

    def test_a_key_alone_is_another_each_time(self, terminal: Terminal) -> None:
        keys = {terminal.run("init", "--new-key")[1] for _ in range(2)}
        assert len(keys) == 2
        assert all(Vault(key) for key in keys)


def test_help_names_the_commands_and_loads_nothing_heavy() -> None:
    program = (
        "import sys; from bot.__main__ import app; app(['--help'], standalone_mode=False); print(*sorted(sys.modules), file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert all(f" {command} " in done.stdout for command in ("run", "check", "init", "demo", "tickets", "due", "parse", "digest", "purge"))
    loaded = {name.partition(".")[0] for name in done.stderr.split()}
    assert loaded & {"spacy", "sklearn", "numpy", "sqlalchemy", "alembic", "slack_bolt", "slack_sdk", "imapclient", "babel"} == set()


def test_a_port_that_is_taken_is_told_and_ends_the_bot(terminal: Terminal) -> None:
    with SmtpSink() as taken:
        terminal.write(model=None, health={"port": taken.port})
        handlers = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
        code, _, err = terminal.run("run")
        for number, handler in handlers.items():
            signal.signal(number, handler)
        assert (code, err) == (1, f"health: nothing can be served at 127.0.0.1:{taken.port} (Address already in use)\n")


def as_an_ordinary_user() -> tuple[str, ...]:
    """Root may write what nobody may: give that right up."""
    if os.getuid() != 0:
        return ()
    if (program := shutil.which("setpriv")) is None:
        pytest.skip("root without setpriv can't be an ordinary user")
    return (program, "--bounding-set=-dac_override,-dac_read_search")
