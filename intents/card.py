"""The model card: what a pipeline was trained on, how well it reads, where its lines are drawn, and what it can't do."""

from collections.abc import Sequence
from dataclasses import dataclass

from intents.decision import Thresholds
from intents.evaluate import Scores, render

_LEARNED = (
    "Character and word n-grams, the signals of the cue tables, one logistic regression per intent, and a judge that weighs"
    " what all say of the whole message and of its sentences. What is quoted is left out before anything reads."
)
_ENCODER = (
    "A transformer reads the whole message: multilingual-e5-small (MIT licence; 12 layers, 384 wide), its upper layers"
    " fine-tuned on the training mails, its vocabulary cut down to the scripts of Europe, its matrices in 8 bits and its token table in 4."
)
_LIMITS = (
    "- The mails were written for this project, by its own writers and to one guide; letters by other hands will be read somewhat worse.",
    "- Native speakers have not read every language: ga, mt, lv, lt, et, is, hu and bg deserve it first.",
    "- Other languages than those above are marked unclear unless a cue is found, and go to a person.",
    "- Of a message longer than some 1,600 tokens the rest is not read by the encoder; of one beyond 20,000 characters, by nothing.",
    "- A label is a proposal. Staff see the sentence it was read from and correct it; nothing is refused or closed on its word.",
)


@dataclass(frozen=True)
class ModelCard:
    """What a pipeline was trained on and how well it reads: mails of authors it has not seen, and the test mails if there are any.

    `encoder` is the hash of the mails that the encoder was fine-tuned on, None without one; `tuned_on` counts the mails and authors of the
    development split, None in a corpus without one.
    """

    model: str
    corpus: str
    encoder: str | None
    mails: int
    authors: int
    by_language: dict[str, int]
    by_label: dict[str, int]
    tuned_on: tuple[int, int] | None
    thresholds: Thresholds
    unseen_authors: Scores
    test: Scores | None

    def markdown(self) -> str:
        """The card as Markdown."""
        languages = ", ".join(f"{language} {count}" for language, count in sorted(self.by_language.items()))
        labels = ", ".join(f"{label} {count}" for label, count in self.by_label.items())
        return "\n".join(
            [
                f"# Model {self.model}",
                "",
                f"Trained on {self.mails} mails by {self.authors} authors. Languages: {languages}. Labels: {labels}.",
                *([_ENCODER] if self.encoder else []),
                _LEARNED,
                "",
                "## Authors the model has not seen",
                self._unseen(),
                *_fenced(render(self.unseen_authors)),
                "",
                "## Test mails",
                *(_fenced(render(self.test)) if self.test else ["There were none."]),
                "",
                "## Thresholds",
                *self._lines(),
                "",
                "## Limits",
                *_LIMITS,
                "",
            ]
        )

    def _unseen(self) -> str:
        if self.tuned_on is None:
            return "Cross-validation over the training mails, grouped by author; the thresholds were chosen on the same folds."
        mails, authors = self.tuned_on
        return (
            f"The development split: {mails} mails by {authors} authors of whom the models have learned nothing. The judge is"
            " cross-validated over these authors; the thresholds were chosen on them, so these figures flatter a little."
        )

    def _lines(self) -> list[str]:
        line = next(iter(self.thresholds.label.values()))
        return [
            f"A second label is given from a score of {line} on; a message is unclear below a confidence of"
            f" {self.thresholds.unclear_below}, and one called `other` below {self.thresholds.other_below}."
        ]


def _fenced(lines: Sequence[str]) -> list[str]:
    return ["", "```", *lines, "```"]
