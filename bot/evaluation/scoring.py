"""Runs the trained model over sentences and keeps what it made of each."""

from dataclasses import dataclass
from typing import Any

from bot.evaluation.sentences import Sentence, TwoQuestions
from bot.training import newest
from bot.understanding.languages import EMERGENCY, language_of
from bot.understanding.written_net import written_net

OUT_OF_SCOPE, FALLBACK = "out_of_scope", "nlu_fallback"
LOOKALIKES = "calm-lookalikes"  # the file of calm sentences that look like emergencies


@dataclass(frozen=True)
class Scored:
    """One test sentence: what it means, what was understood, and which emergency net caught it.

    `best` is the likeliest topic whatever the thresholds say, `confidence` its probability.
    """

    sentence: Sentence
    understood: str
    best: str
    confidence: float
    learned: bool
    written: bool

    @property
    def is_urgent(self) -> bool:
        return self.sentence.meant.startswith(EMERGENCY)

    @property
    def is_outside(self) -> bool:
        return self.sentence.meant.startswith(OUT_OF_SCOPE)

    @property
    def language(self) -> str:
        """ "polish" and so on; empty for English."""
        return language_of(self.sentence.meant)

    @property
    def is_calm_lookalike(self) -> bool:
        return self.sentence.file == LOOKALIKES

    @property
    def is_alarm(self) -> bool:
        return self.understood.startswith(EMERGENCY)

    @property
    def is_right(self) -> bool:
        return self.understood == self.sentence.meant

    @property
    def is_declined(self) -> bool:
        return self.understood.startswith(OUT_OF_SCOPE) or self.understood == FALLBACK


@dataclass(frozen=True)
class ScoredPair:
    """A message that may ask two things, and the topics that would be answered."""

    message: TwoQuestions
    asked: tuple[str, ...]


async def score(
    sentences: list[Sentence], pairs: list[TwoQuestions]
) -> tuple[list[Scored], list[ScoredPair]]:
    """What the newest model makes of each."""
    from rasa.core.agent import load_agent

    agent = await load_agent(model_path=str(newest()))
    scored = [_scored(said, await agent.parse_message(said.text)) for said in sentences]
    of_pairs = []
    for pair in pairs:
        parsed = await agent.parse_message(pair.text)
        of_pairs.append(ScoredPair(pair, tuple(parsed.get("asked") or ())))
    return scored, of_pairs


def _scored(sentence: Sentence, parsed: dict[str, Any]) -> Scored:
    nets = parsed.get("emergency_nets") or {}
    ranking = [r for r in parsed["intent_ranking"] if r["name"] != FALLBACK]
    return Scored(
        sentence=sentence,
        understood=parsed["intent"]["name"],
        best=ranking[0]["name"],
        confidence=ranking[0]["confidence"],
        learned=bool(nets.get("learned")),
        written=written_net(sentence.text),  # alone, whether it was heard or not
    )
