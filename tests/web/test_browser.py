"""Real Chromium on two running nodes: without a mouse, without scripts, without barriers, in both languages."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from tests.nodes import PASSWORD, until
from tests.web.desk import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.nodes import Node

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}

_OPEN = """
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
_STEP = """
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


@pytest.fixture(scope="module")
def cases(nodes: tuple[Node, Node]) -> dict[str, str]:
    """Three cases of ours: one as opened, one verified, one put on hold by the other side; and a draft that waits."""
    us, cn = nodes
    changes = {"person": {"native": "欧阳小明", "surname": "OUYANG", "given": "XIAOMING"}}
    made = json.loads(us.python(_OPEN, count=4, changes=changes))
    names = [name for name, _ in made]
    until(lambda: cn.python("print(CaseRow.objects.count())").strip() == "3", seconds=30, every=0.5)
    for case, step in ((names[1], "verify"), (names[2], "hold")):
        cn.python(_STEP, case=case, step=step)
    cn.python(
        "Relation.objects.update(intake=Unit.objects.get()); CaseRow.objects.update(unit=Unit.objects.get())"
    )
    held = f"print(CaseRow.objects.get(pk='{names[2]}').held)"
    until(lambda: us.python(held).strip() == "True", seconds=30, every=0.5)
    return {"open": names[0], "verified": names[1], "held": names[2], "waiting": made[3][1]}


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


def addresses(cases: dict[str, str]) -> dict[str, list[str]]:
    """The pages each officer looks at."""
    worker = [
        "",
        "cases/?waiting=us",
        "cases/new",
        "search?q=ouyang",
        "scorecard",
        "agreement/",
        "tracks/repatriation",
        "link",
    ]
    worker += [f"cases/{cases[name]}/" for name in ("open", "verified", "held")]
    draft = f"drafts/{cases['waiting']}/"
    worker += [draft, f"{draft}check"]
    worker += [
        f"{draft}{name}?check=1"
        for name in ("person", "family", "documents", "needs", "basis", "safeguards", "attachments")
    ]
    return {
        "": ["sign-in"],
        "case_officer": [*worker, "no/such/page"],
        "supervisor": [
            "approvals/",
            f"approvals/{cases['waiting']}",
            "workload",
            f"cases/{cases['verified']}/",
        ],
        "oversight": ["audit", f"cases/{cases['open']}/"],
    }


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_barrier_on_any_page(
    browser: Browser, nodes: tuple[Node, Node], cases: dict[str, str], lang: str
) -> None:
    """axe finds nothing serious, no page scrolls sideways at 320 px, and the language switch keeps the page."""
    from axe_playwright_python.sync_playwright import Axe

    axe, found = Axe(), []
    for who, pages in addresses(cases).items():
        with reading(browser, nodes[0], who, lang) as page:
            for where in pages:
                page.goto(f"/{lang}/{where}")
                page.evaluate("document.querySelectorAll('details').forEach(each => { each.open = true })")
                for fault in axe.run(page, options=WCAG).response["violations"]:
                    if fault["impact"] in ("serious", "critical"):
                        found.append((who, where, fault["id"], fault["nodes"][0]["html"][:200]))
                page.set_viewport_size({"width": 320, "height": 900})
                wide = page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                page.set_viewport_size({"width": 1280, "height": 900})
                if wide > 0:
                    found.append((who, where, "scrolls sideways", wide))
                other = page.locator(".govuk-language-navigation__link")
                if other.count():
                    wanted = f"/{({'en': 'zh', 'zh': 'en'})[lang]}/{where}"
                    if other.get_attribute("href") != wanted:
                        found.append((who, where, "language", other.get_attribute("href")))
    assert found == []


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


def test_a_question_is_put_and_answered_by_keyboard_alone(
    browser: Browser, nodes: tuple[Node, Node], cases: dict[str, str]
) -> None:
    """From signing in to the answer read, at both authorities, in both languages, without a mouse."""
    us, cn = nodes
    with reading(browser, us) as page:
        page.goto("/en/sign-in")
        walk_to(page, "#username")
        page.keyboard.type("case_officer")
        walk_to(page, "#password")
        page.keyboard.type(PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/en/")
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.className") == "govuk-skip-link"
        page.keyboard.press("Enter")
        walk_to(page, f"a[href='/en/cases/{cases['open']}/']")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{cases['open']}/")
        walk_to(page, "form[action$='/steps/ask'] button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/details")
        walk_to(page, "textarea")
        page.keyboard.type("Which school did the person attend?")
        walk_to(page, "main button[type=submit]:not([name])")
        page.keyboard.press("Enter")
        page.wait_for_url("**/attachments")
        page.goto(page.url.replace("attachments", "check"))
        walk_to(page, "form[action$='/send'] button")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{cases['open']}/")
        assert "Which school did the person attend?" in page.inner_text("#timeline")
        answer_by_keyboard(browser, cn, cases["open"])
        until(lambda: page.reload() and "长乐第一中学" in page.inner_text("#timeline"), seconds=30, every=0.5)
        question = page.locator(".comity-entry--ours").filter(has_text="Which school").first
        assert question.locator(".comity-mark-step--on").all_inner_texts()[-1].startswith("Acted on")


def answer_by_keyboard(browser: Browser, node: Node, case: str) -> None:
    with reading(browser, node, "case_officer", "zh") as page:

        def asked() -> bool:
            page.goto(f"/zh/cases/{case}/")
            return "Which school" in page.inner_text("main")

        until(asked, seconds=30, every=0.5)
        walk_to(page, "form[action$='/steps/answer'] button")
        page.keyboard.press("Enter")
        page.wait_for_url("**/details")
        walk_to(page, "textarea")
        page.keyboard.insert_text("长乐第一中学。")
        walk_to(page, "main button[type=submit]:not([name])")
        page.keyboard.press("Enter")
        page.wait_for_url("**/attachments")
        page.goto(page.url.replace("attachments", "check"))
        assert "对方将看到的内容" in page.inner_text("main")
        walk_to(page, "form[action$='/send'] button")
        page.keyboard.press("Enter")
        page.wait_for_url(f"**/cases/{case}/")


def test_a_case_is_opened_and_approved_without_scripts(
    browser: Browser, nodes: tuple[Node, Node], cases: dict[str, str]
) -> None:
    """Every page works where no script runs: new case, upload, check, approval; and the other authority has it."""
    us, cn = nodes
    with reading(browser, us, "case_officer", "zh", java_script_enabled=False) as page:
        page.goto("/zh/cases/new")
        page.click("form[action$='/cases/new/repatriation'] button")
        where = page.url
        case = re.search(r"US-\d{4}-\w{4}-\w{4}", page.inner_text("main"))[0]  # type: ignore[index]
        fill_in(page, where)
        page.goto(f"{where}check")
        page.click("form[action$='/send'] button")
        assert page.locator(".comity-notice--amber").count() == 1
    with reading(browser, us, "supervisor", "en", java_script_enabled=False) as page:
        page.goto("/en/approvals/")
        page.click(f"tr:has-text('{case}') a")
        page.check("#read")
        page.click("button[value=approve]")
        assert case in page.inner_text("body")
    with reading(browser, cn, "supervisor", "zh", java_script_enabled=False) as page:
        until(
            lambda: page.goto(f"/zh/search?q={case}") and page.locator("table tbody tr").count(),
            seconds=30,
            every=0.5,
        )
        page.click("table tbody a")
        assert case in page.inner_text(".comity-identity")
        assert "陈杰" in page.inner_text(".comity-identity")


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


def test_the_clocks_of_the_masthead_and_the_chart_are_there(
    browser: Browser, nodes: tuple[Node, Node], cases: dict[str, str]
) -> None:
    with reading(browser, nodes[0], "case_officer") as page:
        page.goto(f"/en/cases/{cases['verified']}/")
        assert page.locator(".comity-zones__one").count() == 2
        current = page.locator(".comity-chart__box--current")
        assert current.count() == 1
        assert "Identity" in str(current.text_content())
        assert page.locator(".comity-chart__drawing").bounding_box()["height"] > 200  # type: ignore[index]
        assert page.locator("[aria-current=step]").count() == 1
        assert page.locator(".comity-clock__words", has_text="due in").first.is_visible()


def test_paper_shows_the_record_and_no_buttons(
    browser: Browser, nodes: tuple[Node, Node], cases: dict[str, str]
) -> None:
    with reading(browser, nodes[0], "case_officer") as page:
        page.goto("/en/scorecard")
        page.emulate_media(media="print")
        assert not page.locator(".comity-navigation").is_visible()
        assert not page.locator(".comity-filter").is_visible()
        assert page.locator(".comity-bars").first.is_visible()
        pages = page.pdf(
            format="A4", margin={"top": "10mm", "bottom": "10mm", "left": "12mm", "right": "12mm"}
        )
        assert len(re.findall(rb"/Type\s*/Page\b", pages)) == 1
