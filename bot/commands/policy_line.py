"""The command line of policy: options and words only; what it does is loaded when it is asked for."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

_CONFIG = Path("config.yaml")


@dataclass(frozen=True, slots=True)
class Asked:
    """What is looked for: `question` is a path (or `-`) where `from_file` is set; without `files` those of the config are read."""

    question: str
    files: tuple[Path, ...]
    language: str
    most: int
    from_file: bool
    as_json: bool


def policy_command(app: typer.Typer, answer: Callable[[Path, Asked], None]) -> None:
    """Hang `privacybot policy` into the program; `answer` prints what is found."""

    @app.command()
    def policy(
        question: Annotated[str, typer.Argument(help="A question; with --file a file of JSON lines {id, question, language}, or -.")],
        policy: Annotated[list[Path] | None, typer.Option(help="A policy file; default: policy.files of the config.")] = None,
        language: Annotated[str, typer.Option(help="Of the question, such as de; default: guessed.")] = "",
        most: Annotated[int, typer.Option(min=1, max=20, help="How many passages.")] = 3,
        file: Annotated[bool, typer.Option("--file", help="The question is a file of JSON lines.")] = False,
        as_json: Annotated[bool, typer.Option("--json", help="For scripts.")] = False,
        config: Annotated[Path, typer.Option("--config", "-c", envvar="PRIVACYBOT_CONFIG", help="The configuration file.")] = _CONFIG,
    ) -> None:
        """The passages of the company's own policy that answer a question, as colleagues are offered them."""
        answer(config, Asked(question, tuple(policy or ()), language, most, file, as_json))
