"""What the browser tests share: cases on two nodes, a window of one officer, the Tab key, a form filled in by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from tests.nodes import PASSWORD

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.nodes import Node

OPEN = """
from datetime import UTC, datetime
from io import BytesIO
from comity import actions
from comity.tracks import TRACKS
from tests.samples import answers, body
track = TRACKS["repatriation"]
author, other = (Officer.objects.get(username=name) for name in ("case_officer", "supervisor"))
made = []
for number in range(given["count"]):
    file = actions.add_attachment(author, BytesIO(f"order {number}".encode()), name=f"order {number}.pdf")
    filled = body(track.opening, datetime.now(UTC)) | given["changes"]
    draft = actions.save_draft(author, track=track.name, body=filled, safeguards=answers(track, track.opening),
                               attachments=[file.pk])
    draft = actions.submit(author, draft)
    if number + 1 < given["count"]:
        actions.approve(other, draft, draft.digest, now=True)
    made.append([draft.case_name, str(draft.pk)])
actions.save_draft(author, track=track.name, body={"birth_date": {"year": "1985", "month": "13"}})
print(json.dumps(made))
"""
STEP = """
from datetime import UTC, datetime
from comity import actions
from comity.access import visible
from tests.samples import answers, body
boss, other = (Officer.objects.get(username=name) for name in ("supervisor", "second"))
case = CaseRow.objects.get(pk=given["case"])
if case.unit_id is None:
    CaseRow.objects.update(unit=boss.unit)
    case.refresh_from_db()
step = case.case.track.step(given["step"])
done = actions.take_step(boss, case, step.name, body(step, datetime.now(UTC)), answers(case.case.track, step), via="cli")
if step.approvals:
    actions.approve(other, done, done.digest, via="cli")
"""


@contextmanager
def reading(browser: Browser, node: Node, who: str = "", lang: str = "en", **how: Any) -> Iterator[Page]:
    """A window of its own, signed in as `who`. Fails on any error or policy violation the browser reports."""
    context = browser.new_context(
        base_url=node.url, viewport=how.pop("viewport", {"width": 1280, "height": 900}), **how
    )
    page = context.new_page()
    heard: list[str] = []
    page.on("console", lambda said: heard.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda fault: heard.append(str(fault)))
    if who:
        page.goto(f"/{lang}/sign-in")
        page.fill("#username", who)
        page.fill("#password", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(re.compile(r"/(en|zh)/(?!sign-in)"))
    yield page
    context.close()
    assert [each for each in heard if "404" not in each] == []


def walk_to(page: Page, wanted: str, most: int = 120) -> None:
    """Press Tab until the focus is on what `wanted` selects; every stop on the way is visible."""
    for _ in range(most):
        page.keyboard.press("Tab")
        stop = page.evaluate(
            """wanted => {
                const at = document.activeElement, look = getComputedStyle(at), box = at.getBoundingClientRect();
                const shown = look.outlineStyle !== 'none' || look.boxShadow !== 'none'
                    || at.matches('input, select, textarea, summary, [type=radio]');
                return {there: at.matches(wanted), shown, inside: box.bottom > 0 && box.top < innerHeight, html: at.outerHTML};
            }""",
            wanted,
        )
        assert stop["shown"], stop["html"][:200]
        assert stop["inside"], stop["html"][:200]
        if stop["there"]:
            return
    raise AssertionError(f"Tab never reaches {wanted} on {page.url}")


def fill_in(page: Page, where: str) -> None:
    page.goto(f"{where}person")
    page.fill("[name='person.native']", "陈杰")
    page.fill("[name='person.surname']", "CHEN")
    page.fill("[name='person.given']", "JIE")
    for part, value in (("day", "7"), ("month", "3"), ("year", "1985")):
        page.fill(f"[name='birth_date.{part}']", value)
    page.check("[name=sex][value=M]")
    page.select_option("[name=nationality]", "CHN")
    save(page)
    page.goto(f"{where}documents")
    page.check("[name=evidence][value=none]")
    page.fill("[name=interview_language]", "普通话")
    save(page)
    page.fill("[name=care_needs]", "none")
    save(page)
    page.fill("[name=order_authority]", "Immigration Court")
    page.fill("[name=order_number]", "A 1")
    for name, year in (("order_date", "2025"), ("order_final_since", "2026")):
        for part, value in (("day", "3"), ("month", "2"), ("year", year)):
            page.fill(f"[name='{name}.{part}']", value)
    save(page)
    for name, code in (
        ("final_order", "yes"),
        ("no_claim_pending", "none"),
        ("minor", "adult"),
        ("non_refoulement", "no_grounds"),
    ):
        page.check(f"[name='safeguards.{name}'][value={code}]")
    page.fill("[name='safeguards.non_refoulement.reason']", "Examined on 3 March 2026.")
    save(page)
    page.set_input_files(
        "#file", files=[{"name": "决定.pdf", "mimeType": "application/pdf", "buffer": b"%PDF-1.7"}]
    )
    page.click("form[action$='/attach'] button")
    assert "决定.pdf" in page.inner_text("main")


def save(page: Page) -> None:
    page.click(".comity-buttons button:not([name])")
    assert page.locator(".govuk-error-summary").count() == 0, page.inner_text("main")
