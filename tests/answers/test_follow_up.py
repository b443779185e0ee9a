"""What can be said about an answer that has just been given."""

from bot.answers import load_register
from bot.answers.follow_up import contacts_of, item_named, items_of, lines_of, links_of
from bot.extraction.ordinals import ordinal_in

REGISTER = load_register()


def test_the_contacts_of_an_answer_are_those_that_it_names():
    found = contacts_of(REGISTER, REGISTER.answers["domestic-abuse"])
    assert "Herts Domestic Abuse Helpline" in [contact.label for contact in found]
    assert len(found) == len(set(found))
    assert "Monday to Friday 9am to 9pm" in lines_of(found)


def test_a_list_is_topics_or_its_bullet_points():
    priorities = items_of(REGISTER, REGISTER.answers["priorities"])
    assert [item.topic for item in priorities] == [f"priority-{n}" for n in range(1, 6)]
    partners = items_of(REGISTER, REGISTER.answers["partners"])
    assert len(partners) == 10
    assert partners[0] == "St Albans City and District Council"
    assert items_of(REGISTER, REGISTER.answers["contact"]) == []


def test_an_item_can_be_named_by_what_it_is_about():
    aims = items_of(REGISTER, REGISTER.answers["strategic-aims"])
    assert aims[item_named(aims, "the one about alcohol")].topic == "strategic-aim-d"
    assert item_named(aims, "the nice one") is None


def test_the_sources_are_where_to_read_more():
    assert [p.id for p in links_of(REGISTER, REGISTER.answers["partners"])] == ["csp-page"]


def test_places_in_a_list_are_read():
    said = {
        "what about the second one": 2, "number 3": 3, "the last one": -1, "and the 1st": 1,
        "and the other one?": 2, "B": 2, "the fourth of those": 4, "no idea": None, "": None,
    }  # fmt: skip
    assert {text: ordinal_in(text) for text in said} == said
