"""Rasa's way in: builds the answers of data/ into the domain when a model is trained or validated.

Named in config.yml. A change of wording only changes the domain's responses, so training again
takes every trained component from Rasa's cache.
"""

from datetime import date

from rasa.shared.core.domain import Domain
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.utils.common import cached_method

from bot.answers.loading import load_register
from bot.answers.responses import responses


class AnswersImporter(RasaFileImporter):
    """Rasa's file importer, with the answers and messages of data/ in the domain."""

    @cached_method
    def get_domain(self) -> Domain:
        """The domain of domain.yml merged with one intent and response for each answer."""
        register = load_register()
        built = Domain.from_dict(
            {
                "intents": [answer.intent for answer in register.answers.values()],
                "responses": responses(register, date.today()),
            }
        )
        return super().get_domain().merge(built)
