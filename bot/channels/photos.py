"""Takes a photo from a platform into the report that is being told, as the website does."""

from datetime import timedelta

from bot.channels.interface import Channel, Media, NotEver, NotNow
from bot.channels.parts import Parts
from bot.reports import photos
from bot.reports.photos_clean import LARGEST, PhotoRefused
from bot.reports.store import NotSaved

TOLD = {"type": "photo_type", "size": "photo_size", "pixels": "photo_size", "many": "photo_many"}


def keep(parts: Parts, channel: Channel, conversation_id: str, media: Media) -> str:
    """Fetch the photo and keep it for the conversation's report; returns which words to say."""
    unsent = timedelta(days=parts.settings.draft_days)
    try:
        data = channel.fetch(media, LARGEST)
        photos.keep(parts.engine, parts.settings.photos_dir, conversation_id, data, unsent)
    except PhotoRefused as refused:
        return TOLD.get(refused.reason, "photo_failed")
    except (NotNow, NotEver, NotSaved):
        return "photo_failed"
    return "photo_kept"
