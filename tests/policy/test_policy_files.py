"""Policy files: read at the start; what is wrong with one is said with its key, its path and what is allowed."""

from pathlib import Path

import pytest

from bot.config_file import ConfigError
from bot.policy_files import LARGEST, read_policy


def test_files_of_several_languages_and_charsets_make_one_index(tmp_path: Path) -> None:
    german = "Dauer\n\nWir löschen Rechnungen nach zehn Jahren, früher nicht, weil das Steuergesetz es so will."
    (tmp_path / "de.txt").write_bytes(german.encode("cp1252"))
    (tmp_path / "en.md").write_text("## Cameras\n\nPictures of the door are overwritten after two days and nobody looks at them.", "utf-8")
    index = read_policy([tmp_path / "de.txt", tmp_path / "en.md"])
    [first, *_] = index.find("Wie lange bewahren Sie meine Rechnungen auf?", "de")
    assert (first.passage.source, "löschen" in first.passage.text) == ("de.txt", True)
    assert index.find("Is there a video of me?", "en")[0].passage.heading == "Cameras"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.md", b"\n", "holds no text"), ("huge.txt", b"x" * (LARGEST + 1), "at most 2,000,000"),
        ("p.pdf", b"%PDF-1.7 ...", "save it as text, Markdown or HTML"), ("gone.md", None, "can't be read (No such file or directory)"),
    ],
)  # fmt: skip
def test_a_file_that_is_none_is_named(tmp_path: Path, name: str, content: bytes | None, words: str) -> None:
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(ConfigError) as told:
        read_policy([tmp_path / name])
    assert str(told.value).startswith(f"policy.files[0]: {tmp_path / name}: ")
    assert words in str(told.value)


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="is a folder"):
        read_policy([tmp_path])
