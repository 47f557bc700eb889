"""How often one of the first three passages offered answers the question: `python -m benchmarks.policy_passages [FOLDER]`.

FOLDER holds policy files and `questions.jsonl`: policy (file), language, question,
and heading: where the answer stands, one or a list.
"""

import json
import re
import sys
import time
from functools import cache
from pathlib import Path

from bot.policy.index import PolicyIndex
from bot.policy.sections import passages_of
from intents.classifier import Classifier
from intents.language import LanguageGuesser

HERE = Path(__file__).with_name("policy")


def main(folder: Path) -> None:
    """Print the shares of the first and the first three passages that answer, and how long a question takes."""
    questions = [json.loads(line) for line in (folder / "questions.jsonl").read_text("utf-8").splitlines()]
    indexes = {name: index_of(folder / name) for name in dict.fromkeys(one["policy"] for one in questions)}
    hits: dict[str, list[int]] = {"in the policy's language": [], "in another language": []}
    began = time.process_time()
    for one in questions:
        language, index = indexes[one["policy"]]
        found = index.find(one["question"], one["language"], most=1_000)
        wanted = [one["heading"]] if isinstance(one["heading"], str) else one["heading"]
        rank = next((place for place, each in enumerate(found) if bare(each.passage.heading) in map(bare, wanted)), 1_000)
        hits["in the policy's language" if language == one["language"] else "in another language"].append(rank)
        if rank >= 3 and "-v" in sys.argv:
            print(f"missed ({rank}): {one['question']} -> {', '.join(each.passage.heading for each in found[:3])}")
    took = (time.process_time() - began) / len(questions)
    for words, ranks in hits.items():
        if ranks:
            print(f"{words:26} {len(ranks):3} questions   first {share(ranks, 1):.2f}   first three {share(ranks, 3):.2f}")
    print(f"{'a question takes':26} {took * 1000:.1f} ms")


def index_of(path: Path) -> tuple[str, PolicyIndex]:
    """A policy's language and index."""
    passages = passages_of(path.name, path.read_text("utf-8"))
    language = LanguageGuesser().guess(" ".join(passage.text for passage in passages)).language
    return language, PolicyIndex([(passage, language) for passage in passages], model().gist)


def bare(heading: str) -> str:
    """Without the number before it."""
    return re.sub(r"^[§\d.()\s]+", "", heading).casefold()


@cache
def model() -> Classifier:
    """The one that came along."""
    return Classifier.load()


def share(ranks: list[int], most: int) -> float:
    """How many of the ranks lie among the first `most`."""
    return sum(rank < most for rank in ranks) / len(ranks)


if __name__ == "__main__":
    for folder in [Path(argument) for argument in sys.argv[1:] if argument != "-v"] or [HERE / "first", HERE / "second"]:
        print(folder.name)
        main(folder)
