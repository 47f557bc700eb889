"""The classifier's commands: score it, and let it read JSON lines."""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.config_file import ConfigError
from intents.classifier import Classifier, Prediction
from intents.corpus import CORPUS, read_labelled, read_test
from intents.evaluate import compare, evaluate, render


def evaluate_model(file: Path | None, model: Path | None, against: Path | None) -> None:
    """Score the model on a labelled file or folder; by default on the test split. Raises ConfigError, CorpusError, ModelError."""
    examples = read_test(CORPUS) if file is None else read_labelled(file)
    if not examples:
        raise ConfigError(f"{file or CORPUS / 'test'}: holds no labelled mails")
    scores = evaluate(Classifier.load(model), examples)
    print("\n".join(render(scores) if against is None else compare(scores, evaluate(Classifier.load(against), examples))))


def classify_file(file: str) -> None:
    """JSON lines {id, subject, body} in; {id, labels, scores, language, unclear, evidence} out. Raises ConfigError naming the line."""
    items = list(items_of(file))
    predictions = Classifier.load().predict_many((str(item.get("subject") or ""), str(item.get("body") or "")) for item in items)
    for item, prediction in zip(items, predictions, strict=True):
        line = json.dumps({"id": item.get("id"), **_shown(prediction)}, ensure_ascii=False)
        # half of a surrogate pair, which JSON can carry and UTF-8 can't, goes out as it came in: \ud83d
        print(line.encode("utf-8", "backslashreplace").decode())


def _shown(prediction: Prediction) -> dict[str, Any]:
    return {
        "labels": [intent.value for intent in prediction.intents],
        "scores": {intent.value: round(float(score), 4) for intent, score in prediction.scores.items()},
        "language": prediction.language,
        "unclear": prediction.unclear,
        "evidence": [{"label": intent.value, "text": text} for intent, text in prediction.evidence.items()],
    }


def items_of(file: str) -> Iterator[dict[str, Any]]:
    """The objects of a file of JSON lines; `-` is standard input. Raises ConfigError naming the line."""
    try:
        lines = (sys.stdin.read() if file == "-" else Path(file).read_text("utf-8-sig")).split("\n")
    except OSError as error:
        raise ConfigError(f"{file}: can't be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise ConfigError(f"{file}: is not UTF-8 text") from None
    for number, line in enumerate(lines, 1):
        try:
            item = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            raise ConfigError(f"{file}, line {number}: is not JSON") from None
        if item is not None and not isinstance(item, dict):
            raise ConfigError(f"{file}, line {number}: must be an object with id, subject and body")
        if item is not None:
            yield item
