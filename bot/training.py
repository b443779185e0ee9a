"""Trains a model when there is none for today's data."""

import hashlib
import logging
import os
import sys
from pathlib import Path

from bot import model_digest
from bot.settings import ROOT, Settings

MODELS = ROOT / "models"
TRAINED_ON = MODELS / "trained-on"  # the digest of what the newest model was trained on
INPUTS = (
    "config.yml", "domain.yml", "data", "bot/understanding", "bot/answers", "bot/training_words.py",
)  # fmt: skip
# What only the web pages say: no reason to train again
PAGES_ONLY = (
    "data/translations",
    "data/messages/web",
    "data/equality-questions.yml",
    "data/map.yml",
)


def digest() -> str:
    """One digest of everything that a model is trained on."""
    total = hashlib.sha256()
    for name in INPUTS:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            relative = str(file.relative_to(ROOT))
            if (
                file.is_file()
                and "__pycache__" not in file.parts
                and not relative.startswith(PAGES_ONLY)
            ):
                total.update(f"{relative}\0".encode())
                total.update(hashlib.sha256(file.read_bytes()).digest())
    return total.hexdigest()


def is_current() -> bool:
    """Whether the newest model was trained on the data as it is now, and is whole."""
    try:
        model_digest.checked(newest())
        return TRAINED_ON.read_text() == digest()
    except (model_digest.WrongModel, OSError):
        return False


def train() -> Path:
    """Train as `rasa train` does, keep only the newest model, and return its path."""
    os.environ.setdefault("RASA_TELEMETRY_ENABLED", "false")
    os.chdir(ROOT)
    quiet()
    import rasa

    # Rasa's cache knows the data and the settings, not our code that reads them
    made = rasa.train("domain.yml", "config.yml", ["data"], output="models", force_training=True)
    if made.code != 0 or not made.model:
        sys.exit(f"Training failed with code {made.code}: see the lines above.")
    trained = Path(made.model)
    model_digest.record(trained)
    TRAINED_ON.write_text(digest())
    kept = {trained.name, model_digest.beside(trained).name}
    for old in (*MODELS.glob("*.tar.gz"), *MODELS.glob("*.tar.gz.sha256")):
        if old.name not in kept:
            old.unlink()
    return trained


def newest() -> Path:
    """The model that was trained last. Raises model_digest.WrongModel when there is none."""
    return model_digest.newest(MODELS)


def to_run(settings: Settings) -> Path:
    """The model that Rasa is to run, its digest checked. Raises model_digest.WrongModel."""
    return model_digest.checked(settings.model.file or newest(), settings.model.digest)


def quiet() -> None:
    """Keep Rasa from printing each message that it handles."""
    from rasa.utils.log_utils import configure_structlog

    configure_structlog(logging.WARNING)
