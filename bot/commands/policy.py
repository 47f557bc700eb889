"""The policy commands: what the bot reads in the company's policy, and which passages it would offer for a question."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from bot.commands.classify import items_of
from bot.commands.policy_line import Asked
from bot.config_file import ConfigError
from bot.policy.index import PolicyIndex
from bot.policy_files import read_policy
from intents.classifier import Classifier
from intents.language import LanguageGuesser


def answer(files: Sequence[Path], asked: Asked) -> None:
    """Print the passages that fit, the best first; of a file of JSON lines {id, question, language} one line {id, passages} each.

    Raises ConfigError for policy files that can't be read or are not named, and for a line that is none.
    """
    index = _index(files)
    if asked.from_file:
        for item in items_of(asked.question):
            found = _found(index, str(item.get("question") or ""), str(item.get("language") or ""), asked.most)
            line = json.dumps({"id": item.get("id"), "passages": found}, ensure_ascii=False)
            print(line.encode("utf-8", "backslashreplace").decode())
        return
    found = _found(index, asked.question, asked.language, asked.most)
    if asked.as_json:
        print(json.dumps(found, ensure_ascii=False, indent=2))
    else:
        _show(found)


def _show(found: Sequence[Mapping[str, Any]]) -> None:
    console = Console(highlight=False)
    for number, one in enumerate(found, 1):
        heading = _plain(" › ".join(one["headings"]) or one["source"])
        console.print(f"[bold]{number}. {heading}[/bold]  ({_plain(one['source'])}, {one['score']:.2f})")
        console.print(_plain(one["text"]) + "\n")
    if not found:
        console.print("Nothing in the policy fits this question.")


def _index(files: Sequence[Path]) -> PolicyIndex:
    if not files:
        raise ConfigError("policy.files: names no file; write some there, or name them with --policy")
    return read_policy(files, Classifier.load().gist)


def _found(index: PolicyIndex, question: str, language: str, most: int) -> list[dict[str, Any]]:
    spoken = language or LanguageGuesser().guess(question).language
    return [
        {"headings": list(one.passage.headings), "source": one.passage.source, "score": one.score, "text": one.passage.text}
        for one in index.find(question, spoken, most)
    ]


def _plain(text: str) -> str:
    """What is no mark-up of ours."""
    return text.replace("[", r"\[")
