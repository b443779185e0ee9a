"""Limits without Redis: each process counts for itself, and nobody is turned away with an error."""

from dataclasses import replace

from bot.web.app import create_app
from tests.system.running import free_port


def test_without_redis_requests_are_answered_and_still_limited(settings, engine):
    gone = f"redis://127.0.0.1:{free_port()}/0"
    client = create_app(replace(settings, redis_url=gone, rate_limits=True), engine).test_client()
    answers = [client.post("/api/conversations") for _ in range(21)]
    # Rasa is not there either, and that is what they are told
    assert {answer.status_code for answer in answers[:20]} == {503}
    assert "999" in answers[0].json["error"]["message"]
    assert answers[20].status_code == 429
