"""Removing words and photos from a report, and what was removed, for managers."""

from typing import Any

from flask import Blueprint, abort, flash, g, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import FlaskForm
from wtforms import TextAreaField

from bot.extraction.report_fields import report_fields
from bot.reports import changing, photos_sent, redaction
from bot.reports.model import SavedReport
from bot.reports.redaction_texts import FIELDS
from bot.staff.context import engine, photos_folder
from bot.staff.form_checks import asked, at_most, needed, tidy
from bot.staff.labels import label, labels
from bot.staff.personal import LONGEST_REASON, closed_sight, open_until
from bot.staff.photo_pages import shown_photos
from bot.staff.redaction_form import Choice, make_form
from bot.staff.report_read import report_named
from bot.staff.rights import Right, needs
from bot.staff.shown import PERSONAL, Sight, as_seen

redaction_pages = Blueprint("redaction", __name__)


@redaction_pages.get("/reports/<reference>/redact")
@needs(Right.REDACT)
def form(reference: str) -> ResponseReturnValue:
    """Every text of the report to choose from, and its photos."""
    report = report_named(reference)
    texts = redaction.texts_of(engine(), report.reference)
    made = make_form(texts)
    made.version.data = report.version
    return _page(report, made, texts)


@redaction_pages.post("/reports/<reference>/redact")
@needs(Right.REDACT)
def redact(reference: str) -> ResponseReturnValue:
    """Remove the words."""
    report = report_named(reference)
    texts = redaction.texts_of(engine(), report.reference)
    made = make_form(texts)
    if not made.validate():
        return _page(report, made, texts), 422
    field = made.field.data
    words = made.words.data if made.how.data == "words" else ""
    try:
        redaction.redact(
            engine(), report.reference, made.version.data, g.staff_user.username,
            field, words, made.reason.data, part_label(field),
        )  # fmt: skip
    except changing.Stale as stale:
        made.version.data = report.version
        return _page(report, made, texts, since=stale.since), 409
    except changing.Refused as refused:
        return _page(report, made, texts, refused=label("refused", refused.reason)), 422
    return redirect(url_for("redaction.history", reference=report.reference), 303)


@redaction_pages.get("/reports/<reference>/redactions")
@needs(Right.REDACT)
def history(reference: str) -> ResponseReturnValue:
    """What was removed, by whom and why, with the originals that are kept."""
    report = report_named(reference)
    texts = redaction.texts_of(engine(), report.reference)
    removed = redaction.history(engine(), report.reference)
    return render_template(
        "redactions.html",
        report=report,
        removed=removed,
        still={
            one.id: [part_label(where) for where, text in texts.items() if one.is_in(text)]
            for one in removed
        },
        part_label=part_label,
    )


@redaction_pages.post("/reports/<reference>/redactions/<int:id>/forget")
@needs(Right.REDACT)
def forget(reference: str, id: int) -> ResponseReturnValue:
    """Empty the original for good."""
    report = report_named(reference)
    try:
        if not redaction.forget(engine(), report.reference, id, g.staff_user.username):
            abort(404)
    except changing.Refused as refused:
        flash(refused.reason)
    return redirect(url_for("redaction.history", reference=report.reference), 303)


@redaction_pages.get("/reports/<reference>/photos/<photo_id>/remove")
@needs(Right.REDACT)
def photo(reference: str, photo_id: str) -> ResponseReturnValue:
    """Show the photo once more, and ask why it goes."""
    return _photo_page(reference, photo_id, _photo_form())


@redaction_pages.post("/reports/<reference>/photos/<photo_id>/remove")
@needs(Right.REDACT)
def remove_photo(reference: str, photo_id: str) -> ResponseReturnValue:
    """Delete it, its file too."""
    made = _photo_form()
    if not made.validate():
        return _photo_page(reference, photo_id, made), 422
    report = report_named(reference)
    try:
        if not photos_sent.remove(
            engine(), photos_folder(), report.reference, photo_id, g.staff_user.username,
            made.reason.data, "",
        ):  # fmt: skip
            abort(404)
    except changing.Refused as refused:
        if refused.reason != "held":
            abort(404)
        return _photo_page(reference, photo_id, made, label("refused", "held")), 409
    return redirect(url_for("redaction.history", reference=report.reference), 303)


def part_label(where: str) -> str:
    """What staff call the place where a text stands: "Name", "Who did it", "Message"."""
    kind, _, name = where.partition(".")
    if kind == "details":
        known = report_fields().get(name)
        return known.label if known else name
    if kind in labels()["fields"]:
        return str(labels()["fields"][kind]["label"])
    if kind == "provenance":
        about = labels()["fields"].get(FIELDS.get(name, name.removeprefix("asb_")), {})
        return ": ".join(filter(None, (label("redacted_part", kind), about.get("label"))))
    return label("redacted_part", kind)


def _page(report: SavedReport, form: Any, texts: dict[str, str], **more: Any) -> str:
    until = open_until(report.reference)
    sight = Sight.OPENED if until else closed_sight()
    choices = [_choice(report, sight, where, text) for where, text in texts.items()]
    everywhere = Choice(redaction.EVERYWHERE, part_label(redaction.EVERYWHERE), "", False)
    return render_template(
        "redact.html",
        report=report,
        form=form,
        choices=[*choices, everywhere],
        open_until=until,
        photos=shown_photos(report.reference),
        **{"since": [], "refused": "", **more},
    )


def _choice(report: SavedReport, sight: Sight, where: str, text: str) -> Choice:
    hidden = sight is not Sight.OPENED and _is_personal(where)
    is_story = not where.startswith(("details.", "provenance."))
    shown = "" if hidden else as_seen(text, report, sight, is_story)
    return Choice(where, part_label(where), shown, hidden)


def _is_personal(where: str) -> bool:
    kind, _, name = where.partition(".")
    if kind == "provenance":
        return FIELDS.get(name, name) in PERSONAL
    return (name or kind) in PERSONAL


def _photo_page(reference: str, photo_id: str, form: Any, refused: str = "") -> str:
    report = report_named(reference)
    shown = {one.photo.id: one for one in shown_photos(report.reference)}
    if photo_id not in shown:
        abort(404)
    return render_template(
        "photo_remove.html", report=report, shown=shown[photo_id], form=form, refused=refused
    )


def _photo_form() -> Any:
    class PhotoForm(FlaskForm):
        reason = TextAreaField(
            **asked("photo_reason"),
            filters=[tidy],
            validators=[needed("why"), at_most(LONGEST_REASON)],
        )

    return PhotoForm()
