"""Old mail in files: every mail once and whole, by its true date, the oldest first, whatever program wrote the file."""

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot import backlog
from bot.backlog import BY_DATE, BY_FILE, BY_FROM_LINE, BY_RECEIVED, Maildir, Mbox, NoMailbox, Old
from tests.builders import mail

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
LARGEST = 25_000_000
FROM = "From jo@home.example Mon Nov 23 09:00:00 2026"


def received(number: int, at: str, *more: str) -> bytes:
    lines = "".join(f"Received: from a by b; {moment}\n" for moment in (at, *more))
    return mail(f"Letter {number}.", number=number, headers=lines)


def mbox(folder: Path, *mails: tuple[str, bytes], name: str = "old.mbox", line: bytes = b"\n") -> Mbox:
    """A file as a mail program writes it, lines of the given kind."""
    parts = [separator.encode() + b"\n" + raw.replace(b"\r\n", b"\n") + b"\n" for separator, raw in mails]
    file = folder / name
    file.write_bytes(b"".join(parts).replace(b"\n", line))
    return Mbox(file)


def found(*stores: backlog.Store) -> list[Old]:
    return backlog.in_order(stores, NOW)


def texts(olds: list[Old]) -> list[bytes]:
    """The bodies."""
    return [backlog.read(old, LARGEST)[0].replace(b"\r\n", b"\n").partition(b"\n\n")[2] for old in olds]


def numbers(olds: list[Old]) -> list[int]:
    return [int(text.split()[1].rstrip(b".")) for text in texts(olds)]


class TestMbox:
    @pytest.mark.parametrize("line", [b"\n", b"\r\n"])
    def test_each_mail_once_and_whole_the_oldest_first(self, tmp_path: Path, line: bytes) -> None:
        box = mbox(
            tmp_path, (FROM, received(1, "Tue, 3 Mar 2026 10:00:00 +0100")), (FROM, received(2, "Mon, 2 Mar 2026 10:00:00 +0100")),
            (FROM, received(3, "Wed, 4 Mar 2026 10:00:00 +0100")), line=line,
        )  # fmt: skip
        assert numbers(found(box)) == [2, 1, 3]
        assert texts(found(box))[0] == b"Letter 2.\n"

    def test_several_files_are_one_row_of_time(self, tmp_path: Path) -> None:
        one = mbox(tmp_path, (FROM, received(1, "Tue, 3 Mar 2026 10:00:00 +0100")), name="a")
        two = mbox(tmp_path, (FROM, received(2, "Mon, 2 Mar 2026 10:00:00 +0100")), name="b")
        assert numbers(found(one, two)) == [2, 1]

    def test_a_line_of_a_text_that_begins_with_from_parts_nothing(self, tmp_path: Path) -> None:
        body = "Letter 1.\n\nFrom now on no mail.\n\nFrom what came at 10:00 on 3 May 2026 I see more.\n>From here it was escaped.\n"
        box = mbox(tmp_path, (FROM, mail(body)), (FROM, mail("Letter 2.", number=2)))
        assert len(found(box)) == 2
        assert texts(found(box))[0].count(b"\nFrom ") == 3 and b"\n>From" not in texts(found(box))[0]

    @pytest.mark.parametrize(
        "separator",
        ["From - Mon Nov 23 09:00:00 2026", "From ", "From 1848492@xxx Mon Nov 23 09:00:00 +0000 2026", FROM.replace("jo@", "MAILER-"),
         "From jo@home.example  Mon Nov 23 09:00 CET 2026", "From jo@home.example Mon Nov 23 09:00:00 2026 +0100"],
    )  # fmt: skip
    def test_the_separators_of_many_programs(self, tmp_path: Path, separator: str) -> None:
        assert len(found(mbox(tmp_path, (separator, mail("a")), (separator, mail("b", number=2))))) == 2

    @pytest.mark.parametrize("separator", ["From jo@home.example", "From jo@home.example 2026-11-23T09:00:00Z"])
    def test_lines_without_the_usual_date_part_mails_where_the_first_has_none(self, tmp_path: Path, separator: str) -> None:
        body = "Letter 1.\n\nFrom now on no mail.\n"
        box = mbox(tmp_path, (separator, mail(body)), (separator, mail("Letter 2.", number=2)), (separator, mail("Letter 3.", number=3)))
        assert sorted(numbers(found(box))) == [1, 2, 3]

    def test_what_stands_at_the_beginning_is_a_mail_whatever_it_looks_like(self, tmp_path: Path) -> None:
        box = mbox(tmp_path, (FROM, b"Please delete my data.\n"), (FROM, mail("Letter 2.", number=2)))
        assert next(backlog.read(old, LARGEST)[0] for old in found(box)) == b"Please delete my data.\n" and len(found(box)) == 2

    @pytest.mark.parametrize(
        ("separator", "headers", "rule", "expected"),
        [
            (FROM, "Received: by b; Mon, 2 Mar 2026 10:00:00 +0100", BY_RECEIVED, datetime(2026, 3, 2, 9, tzinfo=UTC)),
            (FROM, "Received: by b; soon\nReceived: c; Mon, 2 Mar 2026 10:00 +0100", BY_RECEIVED, datetime(2026, 3, 2, 9, tzinfo=UTC)),
            (FROM, "Received: by b; Mon, 2 Mar 2099 10:00:00 +0100", BY_FROM_LINE, datetime(2026, 11, 23, 9, tzinfo=UTC)),
            (f"{FROM} +0100", "X: 1", BY_FROM_LINE, datetime(2026, 11, 23, 8, tzinfo=UTC)),
            ("From ", "X: 1", BY_DATE, datetime(2026, 11, 23, 9, tzinfo=UTC)),
            ("From x Mon Feb 30 09:00:00 2026", "X: 1", BY_DATE, datetime(2026, 11, 23, 9, tzinfo=UTC)),
        ],
    )
    def test_the_date_is_the_servers_then_the_files_then_the_senders(
        self, tmp_path: Path, separator: str, headers: str, rule: str, expected: datetime
    ) -> None:
        [old] = found(mbox(tmp_path, (separator, mail("a", headers=headers + "\n"))))
        assert (old.rule, old.received_at) == (rule, expected)

    def test_without_any_date_it_is_the_files(self, tmp_path: Path) -> None:
        box = mbox(tmp_path, ("From ", b"Subject: x\n\nx\n"))
        os.utime(box.file, (1_700_000_000, 1_700_000_000))
        [old] = found(box)
        assert (old.rule, old.received_at) == (BY_FILE, datetime.fromtimestamp(1_700_000_000, UTC))

    def test_one_too_large_gives_its_headers(self, tmp_path: Path) -> None:
        [old] = found(mbox(tmp_path, (FROM, mail("x " * 5000))))
        raw, too_large = backlog.read(old, 2000)
        assert too_large and b"Subject: My data" in raw and b"x x" not in raw

    def test_an_empty_file_holds_no_mail(self, tmp_path: Path) -> None:
        box = mbox(tmp_path)
        box.check()
        assert found(box) == []

    def test_something_else_is_refused(self, tmp_path: Path) -> None:
        (tmp_path / "x.eml").write_bytes(mail("a"))
        with pytest.raises(NoMailbox, match=r"x\.eml: is not an mbox file: its first line must begin with 'From '"):
            Mbox(tmp_path / "x.eml").check()


class TestMaildir:
    def test_both_folders_and_no_hidden_files(self, tmp_path: Path) -> None:
        for name in ("cur", "new", "tmp"):
            (tmp_path / name).mkdir()
        (tmp_path / "cur" / "1.a:2,S").write_bytes(received(1, "Tue, 3 Mar 2026 10:00:00 +0100"))
        (tmp_path / "new" / "2.b").write_bytes(mail("Letter 2.", number=2))
        (tmp_path / "tmp" / "3.c").write_bytes(mail("Letter 3.", number=3))
        (tmp_path / "cur" / ".hidden").write_bytes(b"x")
        os.utime(tmp_path / "new" / "2.b", (1_700_000_000, 1_700_000_000))
        store = Maildir(tmp_path)
        store.check()
        olds = found(store)
        assert numbers(olds) == [2, 1]
        assert [(old.rule, old.received_at.astimezone(UTC).day) for old in olds] == [(BY_FILE, 14), (BY_RECEIVED, 3)]

    def test_something_else_is_refused(self, tmp_path: Path) -> None:
        with pytest.raises(NoMailbox, match="must be a folder that holds cur/ and new/"):
            Maildir(tmp_path).check()
