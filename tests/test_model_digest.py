"""Rasa runs the model that was trained, and no other: with the real command."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot import model_digest, training
from bot.extraction import places_and_times
from bot.model_digest import WrongModel
from bot.settings import Settings, SettingsError

ROOT = Path(__file__).parent.parent


@pytest.fixture
def model(tmp_path):
    """A file that stands for a model, with its digest."""
    path = tmp_path / "20261130-one.tar.gz"
    path.write_bytes(b"a model" * 1000)
    model_digest.record(path)
    return path


def run_rasa(folder, **env):
    """`assistant run rasa` until it ends, which it does at once when it refuses."""
    return subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "bot.cli", "run", "rasa"], cwd=ROOT,
        env={**os.environ, "VAR_DIR": str(folder), **env},
        capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip


def test_the_digest_beside_it_is_one_that_sha256sum_reads(model):
    subprocess.run(
        ["sha256sum", "--check", "--status", model_digest.beside(model).name],
        cwd=model.parent, check=True,
    )  # fmt: skip
    assert model_digest.checked(model) == model


def test_a_model_that_was_cut_off_is_not_run(model, tmp_path):
    model.write_bytes(model.read_bytes()[:-1])
    ended = run_rasa(tmp_path, MODEL=str(model))
    assert ended.returncode == 1 and "Traceback" not in ended.stderr
    assert "was cut off or exchanged" in ended.stderr and "assistant train" in ended.stderr


def test_a_model_that_was_exchanged_is_not_run(model, tmp_path):
    model.write_bytes(b"b model" * 1000)
    ended = run_rasa(tmp_path, MODEL=str(model))
    assert ended.returncode == 1 and "was cut off or exchanged" in ended.stderr


def test_the_digest_that_was_told_counts_and_not_the_one_beside_it(model, tmp_path):
    """Whoever exchanges the model exchanges the digest beside it as well."""
    told = model_digest.of_file(model)
    model.write_bytes(b"b model" * 1000)
    model_digest.record(model)
    ended = run_rasa(tmp_path, MODEL=str(model), MODEL_DIGEST=told)
    assert ended.returncode == 1 and f"not {told}" in ended.stderr


@pytest.mark.parametrize("digest", [None, "", "\xff", "no digest"])
def test_a_model_without_a_digest_is_not_run(model, digest):
    if digest is None:
        model_digest.beside(model).unlink()
    else:
        model_digest.beside(model).write_bytes(digest.encode("latin-1"))
    with pytest.raises(WrongModel, match="assistant train"):
        model_digest.checked(model)


def test_a_model_that_is_not_there_is_told_of(tmp_path):
    ended = run_rasa(tmp_path, MODEL=str(tmp_path / "none.tar.gz"))
    assert ended.returncode == 1 and ended.stderr.startswith("MODEL names a file that is not there")
    with pytest.raises(WrongModel, match="no model in"):
        model_digest.newest(tmp_path)


def test_a_digest_that_is_none_stops_the_start(tmp_path):
    with pytest.raises(SettingsError, match="MODEL_DIGEST"):
        Settings.from_env({"VAR_DIR": str(tmp_path), "MODEL_DIGEST": "1234"})


def test_a_damaged_model_is_not_current_and_so_trained_again(model, monkeypatch):
    monkeypatch.setattr(training, "MODELS", model.parent)
    monkeypatch.setattr(training, "TRAINED_ON", model.parent / "trained-on")
    training.TRAINED_ON.write_text(training.digest())
    assert training.is_current()
    model.write_bytes(b"")
    assert not training.is_current()
    model.unlink()
    assert not training.is_current()


def test_a_change_of_spacys_model_is_noticed(monkeypatch):
    monkeypatch.setattr(places_and_times, "SPACY_DIGEST", "0" * 64)
    with pytest.raises(WrongModel, match="install it again"):
        places_and_times.nlp.__wrapped__()


def test_a_folders_digest_knows_names_contents_and_where_one_ends(tmp_path):
    seen = set()
    for files in ({"a": "bc"}, {"ab": "c"}, {"a": "b", "c": ""}, {"c": "bc"}, {"d/a": "bc"}):
        folder = tmp_path / str(len(seen))
        for name, content in files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(content)
        seen.add(model_digest.of_folder(folder))
    assert len(seen) == 5
