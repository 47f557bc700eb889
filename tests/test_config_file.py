"""Reading config.yaml: every fault is told with file, line, key and what is allowed; YAML has no surprises; secrets stay secret."""

from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from bot.config import Config
from bot.config_file import ConfigError, Secrets, read_config, read_secrets

GOOD = """\
organisation:
  name: Example GmbH
  country: DE
  subdivision: BE
  time_zone: Europe/Berlin
  dpo: dpo@example.test
mailbox:
  address: privacy@example.test
  imap:
    host: imap.example.test
    user: privacy@example.test
  smtp:
    host: smtp.example.test
"""
Reader = Callable[[str], Config]


@pytest.fixture
def read(tmp_path: Path) -> Reader:
    """Reads a text as config.yaml."""

    def read(text: str) -> Config:
        (tmp_path / "config.yaml").write_text(text, "utf-8")
        return read_config(tmp_path / "config.yaml")

    return read


def faults(read: Reader, text: str) -> list[str]:
    """The lines of the refusal, from `config.yaml, line` on."""
    with pytest.raises(ConfigError) as refusal:
        read(text)
    return [line[line.index("config.yaml") :] for line in str(refusal.value).split("\n")]


def test_a_short_file_is_enough(read: Reader) -> None:
    config = read(GOOD)
    assert (config.mailbox.imap.port, config.mailbox.smtp.port, config.slack) == (993, 465, None)


# what is changed in GOOD -> the lines of the answer
FAULTS: dict[str, tuple[str, str, str]] = {
    "wrong type: number": ("    host: imap.example.test", "    batch: many\n    host: i.example", "line 10: mailbox.imap.batch: must be a whole number"),
    "wrong type: fraction": ("    host: imap.example.test", "    batch: 1.5\n    host: i.example", "line 10: mailbox.imap.batch: must be a whole number"),
    "too small": ("    host: imap.example.test", "    batch: 0\n    host: i.example", "line 10: mailbox.imap.batch: must be 1 or more"),
    "too large": ("    host: imap.example.test", "    batch: 501\n    host: i.example", "line 10: mailbox.imap.batch: must be 500 or less"),
    "wrong type: switch": ("    host: imap.example.test", "    idle: maybe\n    host: i.example", "line 10: mailbox.imap.idle: must be true or false"),
    "wrong type: text": ("name: Example GmbH", "name: [Example]", "line 2: organisation.name: write a text of one line"),
    "wrong type: text with lines": ("  country", "  signature: true\n  country", "line 3: organisation.signature: must be a text; put it in quotes"),
    "wrong type: list": ("  address: privacy", "  aliases: dsb@example.test\n  address: privacy", "line 8: mailbox.aliases: must be a list, such as [one, two]"),
    "wrong type: section": (GOOD[GOOD.index("\n    host: smtp") :], " smtp.example.test\n",
        "line 12: mailbox.smtp: must hold keys of its own: host, port, security, user, timeout, ca_file, envelope_sender"),
    "an empty section": ("mailbox:", "digest:\nmailbox:", "line 7: digest: must hold keys of its own: day, at, recipients, slack"),
    "unknown key": ("    host: smtp", "    hots: x\n    host: smtp",
        "line 13: mailbox.smtp.hots: is not a key of this place; allowed are host, port, security, user, timeout, ca_file, envelope_sender"),
    "unknown section": ("mailbox:", "mail: {}\nmailbox:", "line 7: mail: is not a key of this place; allowed are organisation, mailbox, database, slack, clocks, "
        "reminders, escalation, digest, automatic_mail, retention, health, model"),
    "a key that is a number": ("mailbox:", "5: x\nmailbox:", "line 7: 5: is not a key of this place; allowed are organisation, mailbox, database, slack, "
        "clocks, reminders, escalation, digest, automatic_mail, retention, health, model"),
    "missing key": ("  country: DE\n", "", "line 1: organisation.country: is missing"),
    "missing deep key": ("    host: imap.example.test\n", "", "line 9: mailbox.imap.host: is missing"),
    "missing section": (GOOD[GOOD.index("mailbox:") :], "", "line 1: mailbox: is missing"),
    "duration": ("mailbox:", "retention: {messages: 1 year}\nmailbox:", "line 7: retention.messages: write a duration as 14d, 12h, 30m or 45s"),
    "duration in a list": ("mailbox:", "reminders:\n  before_due:\n    - 14d\n    - soon\nmailbox:",
        "line 10: reminders.before_due.1: write a duration as 14d, 12h, 30m or 45s"),
    "size": ("    host: imap.example.test", "    largest_mail: 25\n    host: i.example", ""),
    "time": ("mailbox:", "digest: {at: 8 o'clock}\nmailbox:", "line 7: digest.at: write a time of day as 08:30"),
    "zone": ("Europe/Berlin", "CEST+1", "line 5: organisation.time_zone: write a time zone as Europe/Berlin (a name of the IANA database)"),
    "address": ("dpo@example.test", "dpo", "line 6: organisation.dpo: write a mail address as privacy@example.org"),
    "address in a list": ("mailbox:", "escalation:\n  managers: [a@b.example, boss]\nmailbox:",
        "line 8: escalation.managers.1: write a mail address as privacy@example.org"),
    "port": ("    host: imap.example.test", "    host: i.example\n    port: 70000", "line 11: mailbox.imap.port: write a port as a number from 1 to 65535"),
    "host": ("imap.example.test", "https://imap.example.test", "line 10: mailbox.imap.host: write a host as imap.example.org or 192.0.2.1, without https:// and port"),
    "country": ("DE", "Germany", "line 3: organisation.country: write a country as its two-letter ISO 3166 code, such as DE"),
    "country without calendar": ("country: DE", "country: XX", "line 3: organisation.country: unknown country 'XX'; known: AD, "),
    "region of another country": ("subdivision: BE", "subdivision: CA", "line 4: organisation.subdivision: unknown subdivision 'CA' of DE; known: BB, BE, "),
    "GB without a nation": ("  country: DE\n  subdivision: BE\n", "  country: GB\n",
        "line 1: organisation.subdivision: country GB needs a subdivision; known: ENG, NIR, SCT, WLS"),
    "weekday": ("mailbox:", "digest: {day: Montag}\nmailbox:",
        "line 7: digest.day: write a day as one of monday, tuesday, wednesday, thursday, friday, saturday, sunday"),
    "Slack id": ("mailbox:", "slack:\n  desk_channel: '#privacy'\nmailbox:", "line 8: slack.desk_channel: write a Slack id as C0123456789 (not a #name)"),
    "optional Slack id": ("mailbox:", "slack:\n  desk_channel: C0DESK\n  intake_channel: intake\nmailbox:",
        "line 9: slack.intake_channel: write a Slack id as C0123456789 (not a #name)"),
    "a choice": ("mailbox:", "slack:\n  desk_channel: C0DESK\n  show: all\nmailbox:", "line 9: slack.show: must be one of 'reference', 'masked' or 'full'"),
    "token over plain http": ("mailbox:", "slack:\n  desk_channel: C0DESK\n  api_url: http://slack.com/api/\nmailbox:",
        "line 9: slack.api_url: write the address as https://slack.com/api/, with the slash at its end (http:// for this machine only)"),
    "plain text to another host": ("    host: imap.example.test", "    host: imap.example.test\n    security: none",
        "line 11: mailbox.imap.security: none is allowed for this machine (localhost, 127.0.0.1) only; use tls or starttls"),
    "unknown security": ("    host: smtp.example.test", "    host: smtp.example.test\n    security: ssl",
        "line 14: mailbox.smtp.security: must be one of 'tls', 'starttls' or 'none'"),
    "regime": ("mailbox:", "clocks: {regime: gdpr}\nmailbox:", "line 7: clocks.regime: must be one of eu_gdpr, uk_gdpr, "),
    "holiday": ("mailbox:", "clocks:\n  holidays_added: [24.12.2026]\nmailbox:", "line 8: clocks.holidays_added.0: write a date as 2026-12-24"),
    "database": ("mailbox:", "database: mysql://root:hunter2@db/x\nmailbox:",
        "line 7: database: write a database as sqlite:///FILE or postgresql://HOST/NAME"),
    "certificates that are not there": ("    host: smtp.example.test", "    host: smtp.example.test\n    ca_file: /nowhere/ca.pem",
        "line 14: mailbox.smtp.ca_file: must be a file that exists"),
    "a folder that leads in a circle": ("    host: imap.example.test", "    host: imap.example.test\n    folders: {filed: inbox}",
        "line 11: mailbox.imap.folders.filed: must be another folder than inbox"),
    "duplicate key": ("  country: DE", "  country: DE\n  country: FR", "line 4: organisation.country: stands twice, first in line 3"),
    "duplicate section": ("mailbox:", "organisation: {name: x}\nmailbox:", "line 7: organisation: stands twice, first in line 1"),
}  # fmt: skip
del FAULTS["size"]  # a bare number is bytes; see the next table


@pytest.mark.parametrize(("old", "new", "answer"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_file_line_key_and_what_is_allowed(read: Reader, old: str, new: str, answer: str) -> None:
    assert old in GOOD
    (fault,) = faults(read, GOOD.replace(old, new, 1))
    assert fault.startswith(f"config.yaml, {answer}")
    assert "hunter2" not in fault
    if not answer.endswith(", "):  # a long list of what is known is not repeated here
        assert fault == f"config.yaml, {answer}"


def test_all_faults_are_told_at_once_in_the_order_of_the_file(read: Reader) -> None:
    found = faults(
        read, GOOD.replace("country: DE", "country: D").replace("GmbH\n", "GmbH\n  nmae: x\n").replace("host: smtp", "hots: smtp")
    )
    assert [fault.split(": ")[:2] for fault in found] == [
        ["config.yaml, line 3", "organisation.nmae"],
        ["config.yaml, line 4", "organisation.country"],
        ["config.yaml, line 13", "mailbox.smtp.host"],
        ["config.yaml, line 14", "mailbox.smtp.hots"],
    ]


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("# nothing but words\n", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("- a\n- list\n", "config.yaml, line 1: must hold keys such as organisation: and mailbox:"),
        ("organisation:\n  name: [x\nmailbox: y\n", "config.yaml, line 3: is not valid YAML ("),
        ("a: 1\n\tb: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: 1\n b: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: b: c\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: *nowhere\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: 1\n---\nb: 2\n", "config.yaml, line 2: is not valid YAML ("),
        ("a: 1\nb: !!python/object/apply:os.getcwd []\n", "config.yaml, line 2: is not valid YAML ("),
        ("? [a]\n: b\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: !!int x\n", "config.yaml, line 1: is not valid YAML ("),
        ("a: 1\nb: \a\n", "config.yaml, line 2: is not valid YAML (a control character)"),
        ("a: " + "[" * 3000, "config.yaml, line 1: is not valid YAML ("),
        ("a: &a\n  b: *a\n", "config.yaml, line 1: "),
    ],
)
def test_what_is_no_config_at_all_is_told_in_one_line_each(read: Reader, text: str, answer: str) -> None:
    found = faults(read, text)
    assert found[0].startswith(answer)
    assert all(len(fault) < 300 for fault in found)


def test_a_file_in_another_encoding_is_told_with_the_line(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes("organisation:\n  name: Müller GmbH\n".encode("latin-1"))
    with pytest.raises(ConfigError, match=r"config\.yaml, line 2: is not UTF-8 text; save it as UTF-8$"):
        read_config(file)
    file.write_bytes(GOOD.encode("utf-16"))
    with pytest.raises(ConfigError, match=r"config\.yaml, line 1: is not UTF-8 text"):
        read_config(file)


def test_a_byte_order_mark_and_windows_line_ends_do_no_harm(tmp_path: Path) -> None:
    file = tmp_path / "config.yaml"
    file.write_bytes(GOOD.replace("\n", "\r\n").encode("utf-8-sig"))
    assert read_config(file).organisation.name == "Example GmbH"


def test_a_missing_file_is_told_with_the_way_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.yaml: there is no such file; make one with: privacybot init$"):
        read_config(tmp_path / "config.yaml")
    with pytest.raises(ConfigError, match=r"can't be read \(Is a directory\)$"):
        read_config(tmp_path)


class TestYamlHasNoSurprises:
    """YAML 1.1 makes a truth value of NO, 600 minutes of 10:00, 8 of 010 and a date object of 2026-12-24."""

    @pytest.mark.parametrize("norway", ["NO", "no", "No", "'NO'"])
    def test_no_is_norway(self, read: Reader, norway: str) -> None:
        text = GOOD.replace("country: DE", f"country: {norway}").replace("  subdivision: BE\n", "  language: no\n")
        config = read(text)
        assert (config.organisation.country, config.organisation.language) == ("NO", "no")

    def test_a_time_of_day_is_one(self, read: Reader) -> None:
        assert read(GOOD + "digest: {at: 10:00}\n").digest.at == time(10)
        assert read(GOOD + "digest:\n  at: 07:05\n").digest.at == time(7, 5)

    def test_leading_zeros_are_no_octal_numbers(self, read: Reader) -> None:
        config = read(GOOD.replace("    host: imap.example.test", "    host: i.example\n    port: 0143\n    batch: 010"))
        assert (config.mailbox.imap.port, config.mailbox.imap.batch) == (143, 10)

    def test_dates_are_dates(self, read: Reader) -> None:
        assert read(GOOD + "clocks: {holidays_added: [2026-12-24, '2026-12-31']}\n").clocks.holidays_added == (
            date(2026, 12, 24),
            date(2026, 12, 31),
        )

    def test_texts_that_look_like_something_else_stay_texts(self, read: Reader) -> None:
        for name in ("on", "1e3", "1_000", ".inf", "2026-01-31", "0x1F", "12:30:45", "24", "yes"):
            assert read(GOOD.replace("Example GmbH", name)).organisation.name == name

    def test_yes_and_no_still_answer_a_question(self, read: Reader) -> None:
        for word, meaning in (("yes", True), ("no", False), ("true", True), ("off", False)):
            assert read(GOOD + f"digest: {{slack: {word}}}\n").digest.slack is meaning

    def test_a_region_that_is_a_number_is_one(self, read: Reader) -> None:
        assert read(GOOD.replace("country: DE", "country: AT").replace("BE", "9")).organisation.subdivision == "9"

    def test_an_alias_repeats_what_it_names(self, read: Reader) -> None:
        config = read(GOOD + "escalation: {managers: &bosses [boss@example.test]}\ndigest: {recipients: *bosses}\n")
        assert config.digest.recipients == ("boss@example.test",)

    def test_a_bare_number_is_a_size_in_bytes(self, read: Reader) -> None:
        assert read(GOOD.replace("    host: imap", "    largest_mail: 5000000\n    host: imap")).mailbox.imap.largest_mail == 5_000_000


class TestSecrets:
    """They come from the environment or from files, and no message or repr shows one."""

    ENVIRON = {
        "PRIVACYBOT_KEY": "key-hunter2",
        "PRIVACYBOT_IMAP_PASSWORD": " imap-hunter2 ",
        "PRIVACYBOT_SMTP_PASSWORD": "smtp-hunter2",
        "PRIVACYBOT_SLACK_BOT_TOKEN": "xoxb-hunter2",
        "PRIVACYBOT_SLACK_APP_TOKEN": "xapp-hunter2",
        "PRIVACYBOT_DATABASE_URL": "postgresql://bot:hunter2@db/privacy",
    }
    ALL = GOOD.replace("    host: smtp.example.test", "    host: smtp.example.test\n    user: privacy") + "slack: {desk_channel: C0DESK}\n"

    def test_each_is_read_from_its_variable_as_it_is(self, read: Reader) -> None:
        secrets = read_secrets(read(self.ALL), self.ENVIRON)
        assert secrets == Secrets(*self.ENVIRON.values())
        assert "hunter2" not in repr(secrets) + str(secrets)

    def test_each_is_read_from_a_file_without_the_line_end(self, read: Reader, tmp_path: Path) -> None:
        environ = {}
        for name, value in self.ENVIRON.items():
            (tmp_path / name).write_text(value + "\n", "utf-8")
            environ[name + "_FILE"] = str(tmp_path / name)
        assert read_secrets(read(self.ALL), environ) == Secrets(*self.ENVIRON.values())

    def test_the_missing_ones_are_named_with_their_file_form(self, read: Reader) -> None:
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(self.ALL), {"PRIVACYBOT_KEY": "x", "PRIVACYBOT_SMTP_PASSWORD": ""})
        assert str(refusal.value).split("\n") == [
            f"PRIVACYBOT_{name}: is not set in the environment (nor PRIVACYBOT_{name}_FILE, a file that holds it)"
            for name in ("IMAP_PASSWORD", "SMTP_PASSWORD", "SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")
        ]

    def test_only_what_the_config_needs_is_asked_for(self, read: Reader) -> None:
        needed = {name: self.ENVIRON[name] for name in ("PRIVACYBOT_KEY", "PRIVACYBOT_IMAP_PASSWORD")}
        assert read_secrets(read(GOOD), needed).slack_bot_token == ""

    @pytest.mark.parametrize(
        ("content", "why"), [(None, "can't be read (No such file"), (b"\xff\xfe", "can't be read (not UTF-8"), (b"\n", "is empty")]
    )
    def test_a_file_that_holds_none_is_told_by_its_variable(self, read: Reader, tmp_path: Path, content: bytes | None, why: str) -> None:
        if content is not None:
            (tmp_path / "secret").write_bytes(content)
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(GOOD), {"PRIVACYBOT_KEY_FILE": str(tmp_path / "secret")})
        assert str(refusal.value).startswith("PRIVACYBOT_KEY_FILE: the file it names " + why)

    def test_a_database_address_that_is_none_is_told_without_the_password(self, read: Reader) -> None:
        environ = {**self.ENVIRON, "PRIVACYBOT_DATABASE_URL": "mysql://bot:hunter2@db/privacy"}
        with pytest.raises(ConfigError) as refusal:
            read_secrets(read(GOOD), environ)
        assert str(refusal.value) == "PRIVACYBOT_DATABASE_URL: write a database as sqlite:///FILE or postgresql://HOST/NAME"
