"""Lets Rasa say what is published now, without training: named under `nlg` in endpoints.yml.

Everything else about a response (slots, buttons, channels, conditions) is Rasa's own.
"""

from datetime import date
from typing import Any

from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.utils.endpoints import EndpointConfig

from bot.answers.register import Register
from bot.answers.responses import responses
from bot.publishing.live import live_register
from bot.reports.database import Engine, open_engine
from bot.settings import Settings

Responses = dict[str, list[dict[str, Any]]]


class LiveAnswers(TemplatedNaturalLanguageGenerator):
    """Rasa's templated generator, over the live register instead of what was trained."""

    def __init__(
        self,
        endpoint_config: EndpointConfig | None = None,
        domain: Domain | None = None,
        engine: Engine | None = None,
    ) -> None:
        self._engine = engine or open_engine(Settings.from_env().database_url)
        self._made_of: tuple[Register, date] | None = None
        super().__init__(domain.responses if domain else {})

    @property
    def responses(self) -> Responses:
        """What Rasa picks from: the trained responses, those of the live register over them."""
        register, today = live_register(self._engine), date.today()
        made_of = self._made_of
        if made_of is None or made_of[0] is not register or made_of[1] != today:
            self._responses = {**self._trained, **responses(register, today)}
            self._made_of = (register, today)
        return self._responses

    @responses.setter
    def responses(self, trained: Responses) -> None:
        """Rasa sets these whenever it has loaded a model."""
        self._trained = trained
        self._made_of = None
