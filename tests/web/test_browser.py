"""Real Chromium on two running nodes: without a mouse, without scripts, without barriers, in both languages."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

from tests.nodes import PASSWORD, until
from tests.web.browsing import OPEN, STEP, fill_in, reading, walk_to
from tests.web.desk import LANGUAGES

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.nodes import Node

pytestmark = pytest.mark.browser

WCAG = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"], "resultTypes": ["violations"]}


@pytest.fixture(scope="module")
def cases(nodes: tuple[Node, Node]) -> dict[str, str]:
    """Three cases of ours: one as opened, one verified, one put on hold by the other side; and a draft that waits."""
    us, cn = nodes
    changes = {"person": {"native": "欧阳小明", "surname": "OUYANG", "given": "XIAOMING"}}
    made = json.loads(us.python(OPEN, count=4, changes=changes))
    names = [name for name, _ in made]
    until(lambda: cn.python("print(CaseRow.objects.count())").strip() == "3", seconds=90, every=0.5)
    for case, step in ((names[1], "verify"), (names[2], "hold")):
        cn.python(STEP, case=case, step=step)
    cn.python(
        "Relation.objects.update(intake=Unit.objects.get()); CaseRow.objects.update(unit=Unit.objects.get())"
    )
    held = f"print(CaseRow.objects.get(pk='{names[2]}').held)"
    until(lambda: us.python(held).strip() == "True", seconds=90, every=0.5)
    return {"open": names[0], "verified": names[1], "held": names[2], "waiting": made[3][1]}


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
        until(lambda: page.reload() and "长乐第一中学" in page.inner_text("#timeline"), seconds=90, every=0.5)
        question = page.locator(".comity-entry--ours").filter(has_text="Which school").first
        assert question.locator(".comity-mark-step--on").all_inner_texts()[-1].startswith("Acted on")


def answer_by_keyboard(browser: Browser, node: Node, case: str) -> None:
    with reading(browser, node, "case_officer", "zh") as page:

        def asked() -> bool:
            page.goto(f"/zh/cases/{case}/")
            return "Which school" in page.inner_text("main")

        until(asked, seconds=90, every=0.5)
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
        page.wait_for_selector(".comity-notice--amber")
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
            seconds=90,
            every=0.5,
        )
        page.click("table tbody a")
        assert case in page.inner_text(".comity-identity")
        assert "陈杰" in page.inner_text(".comity-identity")


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
