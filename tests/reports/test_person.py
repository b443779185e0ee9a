"""Everything that is held on one person is found, given out whole, and erased everywhere."""

import io
import json
import random
import zipfile
from datetime import timedelta
from functools import partial

import pytest
import responses
import sqlalchemy as sa
from sqlalchemy.orm import Session

from bot.channels import standing
from bot.channels.tables import ConversationRow, InboxRow
from bot.extraction.contacts import find_contact
from bot.reports import codes, exports, kept_searches, merging, store
from bot.reports.list_tables import ExportRow
from bot.reports.model import Identity, Provenance
from bot.reports.photos_files import write
from bot.reports.retention_tables import RegisterRow
from bot.reports.tables import Base, FeedbackRow, PhotoRow, UnplacedRow
from bot.retention import holds, person_erase, purge, register
from bot.retention.marks import marks
from bot.retention.people import Asked, find
from bot.staff import person_data

from .made import made
from .whole import NOW, channel, conversation, conversations, filled, id_of, lines

JO = {"name": "Jo Bloggs", "contact": "07700 900123", "identity": Identity.NAMED}
AL = {"name": "Al Other", "contact": "al@example.org", "identity": Identity.NAMED}


def erase(engine, settings, also=(), reason="request 7", **whom):
    found = find(engine, Asked(**whom))
    return person_erase.erase(engine, settings, found, found.chosen(set(also)), "a.b", reason)


def theirs(engine, **whom):
    return {one.reference: one.why for one in find(engine, Asked(**whom)).theirs}


@pytest.mark.parametrize(
    "typed",
    [
        "07700 900123",
        "07700900123",
        "+44 7700 900 123",
        "0044 (0)7700-900123",
        "7700900123",
        "০৭৭০০ ৯০০১২৩",
    ],
)
def test_a_phone_number_is_found_however_it_is_written(engine, typed):
    mine, again = made(engine, **JO), made(engine, **{**JO, "contact": "+447700900123"})
    made(engine, **{**JO, "contact": "07700 900124"})
    assert set(theirs(engine, phone=typed)) == {mine, again}


def test_an_address_is_found_in_whatever_letters_and_beside_a_number(engine):
    mine = made(engine, **{**JO, "contact": "Jo.Bloggs@Example.org, 07700 900123"})
    made(engine, **{**JO, "contact": "not-jo.bloggs@example.org"})
    assert theirs(engine, email="jo.bloggs@example.ORG ") == {mine: "contact"}


def test_a_reference_finds_all_with_the_same_contact_and_an_anonymous_one_alone(engine):
    mine, again, silent = made(engine, **JO), made(engine, **JO), made(engine)
    made(engine)
    assert theirs(engine, reference=mine.lower()) == {mine: "reference", again: "person"}
    assert theirs(engine, reference=silent) == {silent: "reference"}
    assert theirs(engine, reference="SA-0000-0000") == {}


def test_a_name_alone_ties_nothing_and_is_listed(engine):
    one, other = made(engine, **JO), made(engine, **{**JO, "contact": "jo@example.org"})
    found = find(engine, Asked(name=" jo  BLOGGS"))
    assert found.theirs == () and {each.reference for each in found.by_name} == {one, other}
    assert [each.reference for each in found.chosen({other})] == [other]
    found = find(engine, Asked(phone="07700 900123"))
    assert [each.reference for each in found.by_name] == [other]


def test_others_who_name_them_are_listed_wherever_they_do(engine, settings):
    made(engine, **JO)
    story = made(engine, description="It is always jo bloggs who shouts", **AL)
    number = made(engine, details={"who": "ring +44 7700 900123"}, **AL)
    note = made(engine, **AL)
    filled(engine, settings.photos_dir, note, words="Told by Jo Bloggs")
    made(engine, description="Jo Bloggsworth sings, 107700 9001234", **AL)
    found = find(engine, Asked(phone="07700 900123"))
    assert set(found.named_in) == {story, number, note}


def test_a_short_name_or_number_is_not_looked_for_in_texts(engine):
    made(engine, name="Jo", contact="07700 900123", identity=Identity.NAMED)
    made(engine, description="jo and 900123", **AL)
    assert find(engine, Asked(phone="07700 900123")).named_in == ()
    assert not marks(phone="999")


def test_channels_are_found_by_the_number_and_by_their_report(engine):
    made(engine, conversation_id="telegram-1", **JO)
    channel(engine, "sms-1")
    channel(engine, "telegram-1", sender="5551")
    channel(engine, "sms-2", sender="+447700900124")
    found = find(engine, Asked(phone="07700900123"))
    assert {id for id, _ in found.channels} == {"sms-1", "telegram-1"}


@responses.activate
def test_the_file_has_everything_and_no_bookkeeping(engine, settings):
    rasa = f"{settings.rasa_url}/webhooks/door/conversations/"
    said = [{"from": "assistant", "text": "Hello"}, {"from": "resident", "text": "Drums again"}]
    responses.get(rasa + "c1", json={"messages": said})
    responses.get(rasa + "sms-1", json={"messages": []})
    reference = made(
        engine, conversation_id="c1", details={"who": "the drummer"},
        provenance={"asb_where": Provenance("asked", "at Łódź Road")}, **JO,
    )  # fmt: skip
    filled(engine, settings.photos_dir, reference, words="zebras <b>", photo=b"a picture")
    channel(engine, "sms-1", words="by text")
    other = made(engine, description="Jo Bloggs sings", **AL)
    found = find(engine, Asked(phone="07700 900123"))
    file, is_complete = person_data.zipped(engine, settings, found, found.theirs)
    assert is_complete
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert archive.testzip() is None
        told = json.loads(archive.read("person.json"))
        page = archive.read("person.html").decode()
        assert archive.read(f"photos/{reference}-1.jpg") == b"a picture"
        assert len(archive.namelist()) == 3
    (report,) = told["reports"]
    assert (report["name"], report["contact"]) == (JO["name"], JO["contact"])
    assert report["conversation"][1] == {"from_resident": True, "text": "Drums again"}
    for part in ("incidents", "messages", "notes", "actions", "passed_on", "removals", "openings"):
        assert "zebras <b>" in json.dumps(report[part]), part
    assert report["passed_on"][0]["partner"] != "police" and report["passed_on"][0]["shared"]
    assert "zebras <b>" in json.dumps(told["warnings"]) + json.dumps(told["case_reviews"])
    assert told["channels"][0]["sender"] == "+447700900123"
    assert told["channels"][0]["received"][0]["content"] == {"text": "by text"}
    assert told["named_in"] == [other] and "sings" not in json.dumps(told)
    with Session(engine) as session:
        person, digest = session.execute(
            sa.select(store.ReportRow.person, store.ReportRow.code_digest)
        ).first()
    assert person not in json.dumps(told) and digest not in json.dumps(told)
    for words in ("Jo Bloggs", "07700 900123", "the drummer", "at Łódź Road", "zebras &lt;b&gt;",
                  "Drums again", "by text", other):  # fmt: skip
        assert words in page, words
    assert "<b>" not in page and "not complete" not in page


def test_a_file_without_the_conversation_says_so(engine, settings):
    made(engine, conversation_id="c1", **JO)
    found = find(engine, Asked(phone="07700 900123"))
    with responses.RequestsMock() as mocked:
        mocked.get(f"{settings.rasa_url}/webhooks/door/conversations/c1", status=503)
        file, is_complete = person_data.zipped(engine, settings, found, found.theirs)
    assert not is_complete
    with zipfile.ZipFile(io.BytesIO(file)) as archive:
        assert json.loads(archive.read("person.json"))["reports"][0]["conversation"] is None
        assert "It is not complete" in archive.read("person.html").decode()


def test_erasing_takes_theirs_and_leaves_others_as_they_were(engine, settings):
    mine, again = made(engine, conversation_id="c1", **JO), made(engine, **JO)
    other = made(engine, conversation_id="c2", **AL)
    for reference in (mine, again, other):
        filled(engine, settings.photos_dir, reference)
    conversation(settings, "c1")
    conversation(settings, "c2")
    before = dump(engine, id_of_report(engine, other))
    done = erase(engine, settings, phone="07700 900123")
    assert set(done.reports) == {mine, again} and done.held == () and done.left == 0
    assert [one.reference for one in store.each(engine)] == [other]
    assert dump(engine, id_of_report(engine, other)) == before
    assert conversations(settings) == {"c2"}
    assert len(list(settings.photos_dir.iterdir())) == 1
    total, *each = register.newest(engine, 9)
    assert (total.rule, total.counts["reports"], total.reason) == ("person_erased", 2, "request 7")
    assert {line.reference for line in each} == {mine, again}


def test_what_is_under_hold_stays_whole_and_is_told(engine, settings):
    mine, held = made(engine, conversation_id="c1", **JO), made(engine, conversation_id="h", **JO)
    filled(engine, settings.photos_dir, mine)
    for id in ("c1", "h"):
        conversation(settings, id)
        channel(engine, id)
    holds.put(engine, held, "a.b", "claim 12")
    done = erase(engine, settings, reference=mine)
    assert (done.reports, done.held) == ((mine,), (held,))
    assert conversations(settings) == {"h"}
    with Session(engine) as session:
        assert session.scalars(sa.select(ConversationRow.id)).all() == ["h"]
        # what was recorded of the person moved to the report that stays
        for name in ("safety_warnings", "case_reviews"):
            table = Base.metadata.tables[name]
            assert session.scalars(sa.select(table.c.report_id)).all() == [id_of(session, held)]


def test_a_message_of_theirs_that_waited_waits_no_longer(engine, settings):
    """Else it would be counted as waiting for ever, and nobody could answer it."""
    channel(engine, "sms-1")
    with Session(engine) as session:
        session.query(InboxRow).one().done_at = None
        session.commit()
    assert standing.inbox(engine).number == 1
    assert erase(engine, settings, phone="07700 900123").channels == 1
    assert standing.inbox(engine).number == 0


def test_a_report_merged_with_one_under_hold_is_held_too(engine, settings):
    mine, parent = made(engine, **JO), made(engine, **AL)
    merging.merge(engine, mine, 1, "a.b", parent)
    holds.put(engine, parent, "a.b", "claim 12")
    assert erase(engine, settings, phone="07700 900123").held == (mine,)


def test_anothers_report_that_was_merged_into_an_erased_one_stands_for_itself_again(
    engine, settings
):
    mine, other = made(engine, **JO), made(engine, **AL)
    merging.merge(engine, other, 1, "a.b", mine)
    erase(engine, settings, phone="07700 900123")
    report = store.get(engine, other)
    assert (report.status, report.merged_into) == ("new", "")
    assert store.timeline(engine, other)[-1].what == "unmerged"


def test_a_conversation_whose_database_is_away_is_deleted_by_the_next_purge(
    engine, settings, monkeypatch
):
    made(engine, conversation_id="c1", **JO)
    conversation(settings, "c1")

    def away(*_):
        raise sa.exc.OperationalError("", {}, Exception())

    monkeypatch.setattr("bot.retention.conversations.Conversations.forget", away)
    assert erase(engine, settings, phone="07700 900123").left == 1
    monkeypatch.undo()
    assert conversations(settings) == {"c1"}
    purge.purge(settings, engine, "a.b", now=NOW)
    assert conversations(settings) == set()


def test_a_reason_that_names_them_is_refused_and_nothing_goes(engine, settings):
    made(engine, **JO)
    for reason in ("asked by jo BLOGGS", "ring +447700900123"):
        with pytest.raises(person_erase.NamesSomebody):
            erase(engine, settings, phone="07700 900123", reason=reason)
    assert store.count(engine) == 1 and register.count(engine) == 0


def test_who_did_not_tick_a_report_by_the_same_name_keeps_it(engine, settings):
    one, other = made(engine, **JO), made(engine, **{**JO, "contact": "jo@example.org"})
    erase(engine, settings, phone="07700 900123")
    assert [each.reference for each in store.each(engine)] == [other]
    erase(engine, settings, also={other}, name="Jo Bloggs")
    assert store.count(engine) == 0 and one


@pytest.mark.parametrize("seed", range(10))
def test_after_erasing_no_byte_of_the_person_is_left_anywhere(seed, engine, settings):
    _plant_and_erase(engine, settings, somebody(random.Random(seed)))


def somebody(chance):
    """What a made-up person is known by and tells, of letters that stand in no other word here."""

    def word(letters="aeioubdgklmnprstvzéłßñż", least=6, most=10):
        return "".join(chance.choice(letters) for _ in range(chance.randint(least, most)))

    return {
        **{name: word() for name in ("first", "last", "story", "place")},
        "mail": f"{word('aeioubdgklmn')}.{word('aeioubdgklmn')}",
        "phone": f"07700 9{chance.randrange(100_000):05}",
    }


def _plant_and_erase(engine, settings, who):
    full, mail = f"{who['first'].title()} {who['last'].title()}", f"{who['mail']}@example.org"
    needles = [who[name] for name in ("first", "last", "story", "place", "mail")]
    needles += [who["phone"], "".join(who["phone"].split())]
    words = f"{full} told {who['story']}, {who['phone']}, {mail}"
    contact = find_contact(f"{mail}, {who['phone']}")
    reference = made(
        engine, conversation_id="c1", name=full, contact=contact, description=words,
        place=f"12 {who['place'].title()} Road", time=words, details={"who": words},
        provenance={"asb_where": Provenance("asked", words)},
    )  # fmt: skip
    other = made(engine, **AL)
    needles.append(codes.person("secret", contact))
    lines(engine, reference, NOW, ("closed", NOW))
    filled(engine, settings.photos_dir, reference, words=words, photo=words.encode())
    conversation(settings, "c1", words)
    channel(engine, "sms-1", sender=f"+44{who['phone'][1:].replace(' ', '')}", words=words)
    conversation(settings, "sms-1", words)
    kept_searches.keep(engine, "a.b", words[:200])
    exports.record(engine, "a.b", f"Words: {full}", "csv", 1, True, f"for {mail}")
    write(settings.photos_dir, "d" * 32, words.encode())
    with Session(engine) as session:
        session.add_all(
            [
                UnplacedRow(words=f"who is {full.lower()}", first_topic="a", second_topic="b",
                            times=1, last_day=NOW.date()),
                FeedbackRow(key="k", topic="noise", useful=False, words=words, day=NOW.date()),
                PhotoRow(name="d" * 32, holder="c1", number=2, bytes=1, width=1, height=1,
                         sha256="e" * 64, at=NOW),
            ]
        )  # fmt: skip
        session.commit()
    assert set(needles[:3]) <= {one for one in needles if one in everything(engine, settings)}
    kept = dump(engine, id_of_report(engine, other))
    done = erase(engine, settings, email=mail)
    assert done.reports == (reference,) and done.left == 0
    left = everything(engine, settings)
    assert [one for one in needles if one.lower() in left] == []
    assert dump(engine, id_of_report(engine, other)) == kept


def everything(engine, settings):
    """Every value of every table, every word of the search index, and on SQLite every byte of the
    files, in small letters, with JSON's way of writing letters undone."""
    found = []
    with engine.connect() as connection:
        for table in Base.metadata.tables.values():
            for row in connection.execute(sa.select(table)):
                found.append(json.dumps([str(value) for value in row], ensure_ascii=False))
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(
                "CREATE VIRTUAL TABLE IF NOT EXISTS temp.words "
                "USING fts5vocab(main, report_words, row)"
            )
            found += [row.term for row in connection.exec_driver_sql("SELECT term FROM words")]
    for file in settings.var_dir.rglob("*"):
        if file.is_file():
            found.append(file.read_bytes().decode("utf-8", "replace"))
    text = "\n".join(found)
    return (text + text.encode().decode("raw_unicode_escape", "replace")).lower()


def id_of_report(engine, reference):
    with Session(engine) as session:
        return id_of(session, reference)


def dump(engine, report_id):
    """All that is there of a report, table by table."""
    found = {}
    with engine.connect() as connection:
        for name, table in Base.metadata.tables.items():
            key = table.c.id if name == "reports" else table.c.get("report_id")
            if key is not None:
                query = sa.select(table).where(key == report_id)
                found[name] = sorted(map(str, connection.execute(query)))
    return found


@pytest.fixture
def person(command):
    """Runs `assistant person`; returns its exit code and what it said."""
    return partial(command, "person")


def test_the_commands_find_give_out_and_erase(person, engine, tmp_path):
    mine, other = (
        made(engine, conversation_id="", **JO),
        made(engine, **{**JO, "contact": "j@b.uk"}),
    )
    assert person("find")[0] == 1
    assert person("find", "--phone", "07700 900999") == (0, "Nothing is held.\n")
    code, told = person("find", "--phone", "07700900123")
    assert code == 0 and f"{mine}: It has this phone" in told and f"--also {other}" in told
    file = tmp_path / "held.zip"
    about = ("--phone", "07700900123", "--reason", "request 7")
    code, told = person("export", *about, "--output", str(file))
    assert code == 0 and zipfile.is_zipfile(file) and file.stat().st_mode & 0o77 == 0
    assert person("erase", *about, "--also", "SA-0000-0000", "--yes")[0] == 1
    assert person("erase", "--phone", "07700900123", "--reason", "Jo Bloggs", "--yes")[0] == 1
    assert person("erase", *about, typed="n\n")[0] == 1 and store.count(engine) == 2
    code, told = person("erase", *about, "--also", other, typed="y\n")
    assert code == 0 and "Erased: 2 reports" in told and store.count(engine) == 0
    with Session(engine) as session:
        rules = [row.rule for row in session.scalars(sa.select(RegisterRow))]
    assert rules == ["person_exported", "person_erased", "person_erased", "person_erased"]


def test_the_commands_tell_of_a_hold(person, engine):
    mine = made(engine, **JO)
    holds.put(engine, mine, "a.b", "claim 12")
    about = ("--phone", "07700900123", "--reason", "request 7", "--yes")
    code, told = person("erase", *about)
    assert code == 0 and f"Kept under legal hold: {mine}" in told and store.count(engine) == 1


def test_old_lines_of_exports_do_not_name_them_after_erasing(engine, settings):
    made(engine, **JO)
    exports.record(engine, "a.b", "Words: jo bloggs", "csv", 1, True, "for a visit")
    erase(engine, settings, phone="07700 900123")
    with Session(engine) as session:
        (line,) = session.scalars(sa.select(ExportRow)).all()
    assert (line.what, line.reason, line.by) == ("[removed]", "for a visit", "a.b")
    assert timedelta(0) <= line.at.now(line.at.tzinfo) - line.at
