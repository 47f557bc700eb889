"""The policy commands: what the bot reads in the company's policy, and which passages it would offer for a question."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.commands.classify import items_of
from bot.config_file import ConfigError
from bot.policy.index import PolicyIndex
from bot.policy_files import read_policy
from intents.language import LanguageGuesser


def find_passages(files: Sequence[Path], question: str, language: str, most: int, *, as_json: bool) -> None:
    """Print the passages that fit a question, the best first. Raises ConfigError for policy files that can't be read, or none."""
    index = _index(files)
    found = _found(index, question, language, most)
    if as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
        return
    console = Console(highlight=False)
    for number, one in enumerate(found, 1):
        heading = _plain(" › ".join(one["headings"]) or one["source"])
        console.print(f"[bold]{number}. {heading}[/bold]  ({_plain(one['source'])}, {one['score']:.2f})")
        console.print(_plain(one["text"]) + "\n")
    if not found:
        console.print("Nothing in the policy fits this question.")


def answer_file(files: Sequence[Path], questions: str, most: int) -> None:
    """JSON lines {id, question} in (a file, or - for standard input), {id, passages} out. Raises ConfigError naming the line."""
    index = _index(files)
    for item in items_of(questions):
        found = _found(index, str(item.get("question") or ""), str(item.get("language") or ""), most)
        print(json.dumps({"id": item.get("id"), "passages": found}, ensure_ascii=False).encode("utf-8", "backslashreplace").decode())


def _index(files: Sequence[Path]) -> PolicyIndex:
    if not files:
        raise ConfigError("policy.files: names no file; write some there, or name them with --policy")
    return read_policy(files)


def _found(index: PolicyIndex, question: str, language: str, most: int) -> list[dict[str, Any]]:
    spoken = language or LanguageGuesser().guess(question).language
    return [
        {"headings": list(one.passage.headings), "source": one.passage.source, "score": one.score, "text": one.passage.text}
        for one in index.find(question, spoken, most)
    ]


def _plain(text: str) -> str:
    """What is no mark-up of ours."""
    return text.replace("[", r"\[")
