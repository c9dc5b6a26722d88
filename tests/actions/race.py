"""Two hands at once, in a process of its own: `python -m tests.actions.race`. Prints one line of JSON; COMITY_HOME and
COMITY_DATABASE say where. Each race is run several times, both threads let go at the same moment."""

from __future__ import annotations

import json
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.utils import timezone  # noqa: E402

from comity import actions  # noqa: E402
from comity.access import Denied, Hidden  # noqa: E402
from comity.actions.bulk import rows_of  # noqa: E402
from comity.core.text import Refusal  # noqa: E402
from comity.store import cases, relations  # noqa: E402
from comity.store.drafts import LEAVING, SENT, Draft  # noqa: E402
from comity.store.logs import Entry  # noqa: E402
from tests.actions import office as office_module  # noqa: E402
from tests.actions.office import LAWFUL, Office, open_office  # noqa: E402

ROUNDS = 6


def both(first: Callable[[], Any], second: Callable[[], Any]) -> list[str]:
    """What became of each: the code of a refusal, or "done"."""
    gate, said = threading.Barrier(2), ["", ""]

    def run(place: int, act: Callable[[], Any]) -> None:
        gate.wait()
        try:
            act()
            said[place] = "done"
        except Refusal as refusal:
            said[place] = refusal.code
        except (Hidden, Denied) as refusal:
            said[place] = type(refusal).__name__
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=pair) for pair in enumerate((first, second))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(said)


def deed(office: Office, number: int) -> Draft:
    file = office.file(by=office.author).pk
    made = actions.open_case(office.author, "deed", {"whom": f"w{number}"}, LAWFUL, [file], via="cli")
    assert isinstance(made, Draft)
    return made


def last_two_approvals(office: Office, n: int) -> list[str]:
    draft = deed(office, n)
    said = both(
        lambda: actions.approve(office.boss, draft, draft.digest, via="cli"),
        lambda: actions.approve(office.link, draft, draft.digest, via="cli"),
    )
    assert Entry.objects.filter(case_id=draft.case_name).count() == 1
    return said


def the_same_approval_twice(office: Office, n: int) -> list[str]:
    draft = deed(office, n)
    again = lambda: actions.approve(office.boss, draft, draft.digest, via="cli")  # noqa: E731
    said = both(again, again)
    assert draft.approvals.count() == 1
    return said


def approval_and_edit(office: Office, n: int) -> list[str]:
    draft = deed(office, n)
    actions.approve(office.boss, draft, draft.digest, via="cli")
    said = both(
        lambda: actions.approve(office.link, draft, draft.digest, via="cli"),
        lambda: actions.save_draft(office.author, draft=draft, body={"whom": "edited"}),
    )
    row = Draft.objects.get(pk=draft.pk)
    assert Entry.objects.filter(case_id=draft.case_name).count() == (row.status == SENT)
    if row.status == SENT:
        assert row.body == {"whom": f"w{n}"}
    return ["one"] if said.count("done") == 1 else said


def two_clerks(office: Office, n: int) -> list[str]:
    draft = actions.save_draft(office.author, track="letter", body={"whom": "x"}, safeguards=LAWFUL)
    Draft.objects.filter(pk=draft.pk).update(
        status=LEAVING, leaves_at=timezone.now(), digest=actions.preview(office.author, draft).digest
    )
    said = both(actions.send_due, actions.send_due)
    assert Entry.objects.filter(case_id=draft.case_name).count() == 1
    return said


def one_step_by_two_officers(office: Office, n: int) -> list[str]:
    case = actions.open_case(office.author, "letter", {"whom": "x"}, LAWFUL, via="cli")
    row = office.row(case.pk)
    said = both(
        lambda: actions.take_step(office.author, row, "drop", via="cli"),
        lambda: actions.take_step(office.boss, row, "drop", via="cli"),
    )
    assert Entry.objects.filter(case_id=case.pk, step="drop").count() == 1
    return said


def one_file_by_two_hands(office: Office, n: int) -> list[str]:
    rows = [{"person": {"surname": "WANG"}, "number": f"{n}-{i}", "safeguards": LAWFUL} for i in range(40)]
    before = Entry.objects.count()
    said = both(
        lambda: actions.open_many(office.author, "person", rows_of(rows)),
        lambda: actions.open_many(office.boss, "person", rows_of(rows)),
    )
    assert Entry.objects.count() == before + 40
    return said


def a_row_taken_out_while_its_file_is_approved(office: Office, n: int) -> list[str]:
    file = office.file(by=office.author).pk
    rows = [{"whom": f"r{n}-{i}", "safeguards": LAWFUL, "attachments": [file]} for i in range(3)]
    bundle = actions.open_many(office.author, "deed", rows_of(rows)).bundle
    assert bundle is not None
    actions.approve(office.boss, bundle, bundle.digest, via="cli")
    draft = bundle.drafts.order_by("place")[0]
    said = both(
        lambda: actions.approve(office.link, bundle, bundle.digest, via="cli"),
        lambda: actions.withdraw_draft(office.author, draft),
    )
    sent = Entry.objects.filter(case_id__in=bundle.drafts.values("case_name")).count()
    assert sent in (0, 3)
    assert Draft.objects.get(pk=draft.pk).status == (SENT if sent else "withdrawn")
    return ["one"] if said.count("done") == 1 else said


RACES = (
    last_two_approvals, the_same_approval_twice, approval_and_edit, two_clerks, one_step_by_two_officers,
    one_file_by_two_hands, a_row_taken_out_while_its_file_is_approved,
)  # fmt: skip


def main() -> None:
    call_command("migrate", verbosity=0)
    relations.TRACKS = cases.TRACKS = office_module.ALL
    office = open_office()
    found = {}
    for race in RACES:
        found[race.__name__] = Counter(",".join(race(office, n)) for n in range(ROUNDS))
    print(json.dumps(found))


if __name__ == "__main__":
    main()
