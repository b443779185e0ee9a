"""A resident who knows what happened and answers whichever question comes, in a seeded way.

The facts are drawn first; then how they are told: all at once or one by one, with buttons or in
words, with questions, doubts and mistakes in between that are put right. What is saved must be
the facts, whatever the order.
"""

import random
from dataclasses import dataclass, field

from tests.conversation import Resident

STORIES = {
    "Teenagers set off fireworks at people behind the flats": "fireworks",
    "Someone keeps spray paint tagging the garage doors": "vandalism",
    "Men drinking and shouting at women by the bus stop": "drinking",
    "Kids ride mopeds over the grass and nearly hit a pram": "vehicles",
    "The flat below plays loud music until the small hours": "noise",
    "A gang of youths blocks the alley and will not let us pass": "groups",
    "People deal drugs from a car outside the shop": "drugs",
    "Their dogs bark and run loose and frighten everyone": "dogs",
}
PLACES = ["Hatfield Road", "12 Folly Lane", "Clarence Park", "the alley behind Cell Barnes Lane",
          "Verulamium Park", "Marlborough Road car park", "Alma Road"]  # fmt: skip
TIMES = ["last night about 11", "on Saturday around 10pm", "yesterday evening", "25 October",
         "this morning at 6", "last week, I don't recall the day"]  # fmt: skip
FREQUENCIES = {
    "now": ["it is still going on", "still happening"],
    "once": ["just once", "it only happened once"],
    "sometimes": ["now and then", "on and off"],
    "weekly": ["every week", "most weeks"],
    "most_days": ["every night", "nearly every day"],
    "unknown": ["not sure", "no idea"],
}
BUTTONS = {"now": "going on now", "once": "happened once", "sometimes": "Now and then",
           "weekly": "Every week", "most_days": "Most days", "unknown": "I don't know"}  # fmt: skip
NAMES = ["Jo Bloggs", "Priya Shah", "Tomasz Nowak", "Mrs O'Brien"]
CONTACTS = ["07700 900123", "020 7946 0018", "resident@example.com"]
DETAILS = {
    "effect": ("How it affects me", "my children are afraid to sleep and I miss work"),
    "who": ("Who did it", "three lads in grey tracksuits and one with a red bike"),
    "witnesses": ("Who else saw it", "the man who runs the corner shop saw it too"),
    "evidence": ("Photos", "I have two videos from my doorbell"),
}
SHARINGS = {"ask_first": "yes", "yes": "you may share", "no": "don't share"}
QUESTIONS = ["who are the partners?", "what is the action plan?", "can I report anonymously?",
             "what does prevent do?", "why do you ask?"]  # fmt: skip
ENDINGS = ["send"] * 8 + ["cancel", "keep"]


@dataclass
class Facts:
    """What is true, and so must be saved."""

    story: str
    place: str
    time: str
    frequency: str
    identity: str
    name: str
    contact: str
    details: dict[str, str]
    sharing: str
    ending: str

    @classmethod
    def drawn(cls, chance: random.Random) -> "Facts":
        identity = chance.choice(["named", "contact_only", "anonymous"])
        wanted = chance.sample(sorted(DETAILS), chance.choice([0, 0, 1, 2]))
        return cls(
            story=chance.choice(sorted(STORIES)),
            place=chance.choice(PLACES),
            time=chance.choice(TIMES),
            frequency=chance.choice(sorted(FREQUENCIES)),
            identity=identity,
            name=chance.choice(NAMES) if identity == "named" else "",
            contact="" if identity == "anonymous" else chance.choice(CONTACTS),
            details={name: DETAILS[name][1] for name in wanted},
            sharing="ask_first" if identity == "anonymous" else chance.choice(sorted(SHARINGS)),
            ending=chance.choice(ENDINGS),
        )


@dataclass
class Simulated:
    """Plays one conversation; `questions` counts the answers given, `log` what was said."""

    resident: Resident
    facts: Facts
    chance: random.Random
    questions: int = 0
    log: list[str] = field(default_factory=list)
    mistaken: str = ""

    async def play(self) -> None:
        await self.say(self.opening())
        if await self.resident.is_asked() is None:  # told who deals with it, and still reports
            await self.say("report")
        for _ in range(40):
            asked = await self.resident.is_asked()
            if asked is None:
                return
            if self.chance.random() < 0.12:
                await self.say(self.chance.choice(QUESTIONS))
                continue
            self.questions += 1
            await self.answer(asked)
        raise AssertionError("no end:\n" + "\n".join(self.log))

    async def say(self, text: str) -> None:
        reply = await self.resident.say(text)
        self.log += [f"> {text}", reply.text]

    async def press(self, title: str) -> None:
        reply = await self.resident.press(title)
        self.log += [f"> [{title}]", reply.text]

    def opening(self) -> str:
        facts, how = self.facts, self.chance.random()
        if how < 0.4:
            return "I want to report anti-social behaviour"
        if how < 0.7:
            return f"I want to report something. {facts.story}"
        words = self.chance.choice(FREQUENCIES[facts.frequency])
        return (
            f"I want to report this: {facts.story}. It was {facts.time} at {facts.place}, {words}"
        )

    async def answer(self, asked: str) -> None:
        facts = self.facts
        if asked == "asb_confirmed":
            await self.end()
        elif asked == "asb_frequency" and self.chance.random() < 0.5:
            await self.press(BUTTONS[facts.frequency])
        elif asked == "asb_identity":
            await self.identify()
        elif asked == "asb_more":
            await self.add()
        elif asked == "asb_where" and not self.mistaken and self.chance.random() < 0.25:
            self.mistaken = "Fishpool Street"  # put right at the end
            await self.say(self.mistaken)
        else:
            await self.say(self.plain(asked))

    def plain(self, asked: str) -> str:
        facts = self.facts
        return {
            "asb_danger_now": self.chance.choice(["no", "nobody is in danger", "no, not now"]),
            "asb_description": facts.story,
            "asb_kind": STORIES[facts.story],
            "asb_where": facts.place,
            "asb_when": facts.time,
            "asb_frequency": self.chance.choice(FREQUENCIES[facts.frequency]),
            "asb_name": facts.name,
            "asb_contact": facts.contact,
            "asb_detail": facts.details.get(self.adding, "skip"),
        }[asked]

    async def identify(self) -> None:
        facts = self.facts
        if facts.identity == "anonymous":
            await (self.press("anonymous") if self.chance.random() < 0.5 else self.say("anonymous"))
        elif facts.identity == "contact_only":
            await self.say(facts.contact)
        elif self.chance.random() < 0.3:
            await self.say(facts.name)
        else:
            form = self.chance.choice(
                ["{0}, {1}", "my name is {0} and my number is {1}", "{0} {1}"]
            )
            await self.say(form.format(facts.name, facts.contact))

    adding: str = ""

    async def add(self) -> None:
        held = await self.resident.slot("asb_details") or {}
        left = [name for name in self.facts.details if name not in held]
        if not left:
            await self.say(self.chance.choice(["no", "no that is all", "nothing else thanks"]))
            return
        self.adding = left[0]
        button = DETAILS[self.adding][0]
        if not any(button in title for title in self.resident.last.buttons):
            await self.press("More choices")
        await self.press(button)

    async def end(self) -> None:
        facts = self.facts
        place = await self.resident.slot("asb_where")
        if self.mistaken and place == self.mistaken:
            await self.say(f"no, {facts.place}")
        elif facts.ending == "cancel":
            await self.say("cancel")
        elif facts.ending == "keep":
            await self.say("save it for later please")
        elif facts.sharing == "ask_first":
            await self.say("yes send it")
        else:
            await self.press({"yes": "you may share", "no": "don't share"}[facts.sharing])
