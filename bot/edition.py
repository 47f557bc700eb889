"""Edition: one week's digest as it goes to its readers: each recipient's mail, the message in Slack, and the pictures in them."""

from base64 import b64encode
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.digest import Digest
from bot.digest_charts import Chart, Picture, charts, overview
from bot.digest_config import DigestConfig
from bot.digest_page import Page, render
from bot.digest_slack import blocks
from bot.digest_words import words_of
from bot.wording import Letter

Draw = Callable[[Sequence[Chart]], Sequence[Picture]]


@dataclass(frozen=True)
class Edition:
    """All that is told of one week."""

    digest: Digest
    organisation: str
    slack_language: str
    pictures: tuple[Picture, ...]

    def page(self, languages: Sequence[str], source: Callable[[Picture], str]) -> Page:
        """The page in these languages; `source` gives a picture's address."""
        placed = {language: [(picture.chart, source(picture)) for picture in self.pictures_in(language)] for language in languages}
        return render(self.digest, self.organisation, languages, placed)

    def letter(self, languages: Sequence[str]) -> tuple[Letter, list[Mapping[str, str]]]:
        """The mail in these languages, and the pictures that travel in it."""
        page = self.page(languages, lambda picture: f"cid:{picture.content_id}")
        letter = Letter(subject=page.subject, text=page.text, html=page.html, language=", ".join(languages))
        return letter, [_inline(picture) for language in languages for picture in self.pictures_in(language)]

    def alone(self, languages: Sequence[str]) -> Page:
        """The page as a file that needs nothing else."""
        return self.page(languages, lambda picture: f"data:image/png;base64,{_text(picture.png)}")

    def message(self) -> tuple[str, list[dict[str, Any]]]:
        """The message in Slack."""
        return blocks(self.digest, words_of(self.slack_language))

    def file(self) -> Mapping[str, str] | None:
        """The picture for Slack; None where it was not drawn."""
        found = next((picture for picture in self.pictures if picture.chart.name == "overview"), None)
        if found is None:
            return None
        week = self.digest.week
        return {"name": f"privacy-desk-{week}.png", "title": self.message()[0], "alt": found.chart.alt[:1000], "png": _text(found.png)}

    def pictures_in(self, language: str) -> list[Picture]:
        """Those of the page in one language."""
        return [picture for picture in self.pictures if picture.chart.language == language and picture.chart.name != "overview"]


def edition(
    digest: Digest, organisation: str, rules: DigestConfig, draw: Draw, languages: Sequence[str] = (), *, for_slack: bool
) -> Edition:
    """The digest with its pictures drawn, in `languages`, or else in all that its recipients read."""
    wanted = languages or dict.fromkeys(language for reader in rules.recipients for language in rules.languages_of(reader))
    asked = [chart for language in wanted for chart in charts(digest, words_of(language))]
    asked += overview(digest, words_of(rules.languages[0])) if for_slack else []
    return Edition(digest, organisation, rules.languages[0], tuple(draw(asked)))


def _inline(picture: Picture) -> Mapping[str, str]:
    return {"cid": picture.content_id, "name": f"{picture.chart.name}.png", "png": _text(picture.png)}


def _text(png: bytes) -> str:
    return b64encode(png).decode("ascii")
