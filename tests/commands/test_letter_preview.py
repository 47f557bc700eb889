"""`privacybot letters`: every letter to look at, and own templates checked wherever the bot is started or tried."""

import email
import re
from email import policy
from pathlib import Path

import pytest

from bot.letter_samples import samples
from tests.letters import LETTERS
from tests.terminal import Terminal


@pytest.fixture
def terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(tmp_path, monkeypatch, capsys)


def links(terminal: Terminal, out: str = "letters-preview") -> list[Path]:
    page = (terminal.folder / out / "index.html").read_text("utf-8")
    return [terminal.folder / out / href for href in re.findall(r'href="([^"]+)"', page)]


def test_the_preview_holds_every_letter_in_every_language_and_an_index_that_leads_to_each(terminal: Terminal) -> None:
    code, said, _ = terminal.run("letters", "preview")
    letters = len(list(samples())) * len(LETTERS.languages())
    assert (code, said) == (0, f"{letters} letters in 26 languages: open letters-preview/index.html\n")
    found = links(terminal)
    assert len(found) == 3 * letters
    assert all(path.is_file() for path in found)


def test_no_secrets_are_needed_for_it(terminal: Terminal) -> None:
    terminal.environ = {}
    assert terminal.run("letters", "preview", "--language", "ga", "--intent", "question")[0] == 0


def test_it_can_be_narrowed_to_an_intent_and_a_language(terminal: Terminal) -> None:
    code, said, _ = terminal.run("letters", "preview", "--intent", "complaint", "--language", "mt", "--language", "is", "--out", "a/b c")
    assert (code, "in 2 languages" in said) == (0, True)
    found = links(terminal, "a/b c")
    assert {path.parent.name for path in found} == {"is", "mt"}
    assert {path.stem for path in found} >= {"acknowledgement-complaint", "acknowledgement-access-complaint-question"}
    assert not {path.stem for path in found} & {"acknowledgement-access", "follow_up"}


def test_a_mail_of_the_preview_is_the_one_that_would_leave(terminal: Terminal) -> None:
    terminal.run("letters", "preview", "--language", "el", "--intent", "access")
    folder = terminal.folder / "letters-preview" / "el"
    mail = email.message_from_bytes((folder / "acknowledgement-access.eml").read_bytes(), policy=policy.default)
    assert mail["Content-Language"] == "el"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    text, page = (part.get_content().replace("\r\n", "\n") for part in mail.iter_parts())
    assert (folder / "acknowledgement-access.txt").read_text("utf-8").endswith(text)
    assert page.strip() == (folder / "acknowledgement-access.html").read_text("utf-8").strip()


@pytest.mark.parametrize(("arguments", "answer"), [
    (["--intent", "acess"], "--intent acess: is not an intent; allowed are access, rectification,"),
    (["--language", "xx"], "--language xx: there are no letters in it; allowed are bg, cs,"),
    (["--out", "config.yaml"], "--out config.yaml: can't be written ("),
])  # fmt: skip
def test_what_it_cannot_do_it_tells(terminal: Terminal, arguments: list[str], answer: str) -> None:
    code, _, error = terminal.run("letters", "preview", *arguments)
    assert code == 2
    assert error.startswith(answer)


class TestOwnTemplates:
    @pytest.fixture
    def faulty(self, terminal: Terminal) -> Terminal:
        path = terminal.folder / "own" / "en" / "follow_up.j2"
        path.parent.mkdir(parents=True)
        path.write_text("Subject: x\n\n{{ refference }} {{ received }}\n", encoding="utf-8")
        terminal.write(letters={"folder": "own"})
        return terminal

    @pytest.mark.parametrize("command", [["letters", "check"], ["letters", "preview"], ["check"], ["run"]])
    def test_with_a_mistake_stop_every_command_that_needs_them(self, faulty: Terminal, command: list[str]) -> None:
        code, _, error = faulty.run(*command)
        assert code == 2
        assert error.startswith("own/en/follow_up.j2, line 3: {{ refference }} is unknown; allowed are appeal, ")
        assert "Traceback" not in error

    def test_that_are_well_are_counted(self, faulty: Terminal) -> None:
        path = faulty.folder / "own" / "en" / "follow_up.j2"
        ours = Path(__file__).parent.parent.parent / "bot" / "letters" / "en" / "follow_up.j2"
        path.write_text(ours.read_text("utf-8").replace("Thank you", "Many thanks"), encoding="utf-8")
        assert faulty.run("letters", "check") == (0, "26 languages, own templates: 1 in own\n", "")
        faulty.run("letters", "preview", "--language", "en")
        assert "Many thanks" in (faulty.folder / "letters-preview" / "en" / "follow_up.txt").read_text("utf-8")
