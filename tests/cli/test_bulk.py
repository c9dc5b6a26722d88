"""Many cases from one file at the command line: good files, and bad ones by name with their exact answer."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from comity.cli.outcome import FAILED, OK
from comity.store.cases import CaseRow
from comity.store.drafts import Bundle, Draft
from tests.cli.conftest import Ran

if TYPE_CHECKING:
    from tests.actions.office import Office

Run = Callable[..., Ran]
EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
MOST = 100_000


@pytest.fixture
def open_file(office: Office, run: Run, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """`open_file(path)`: hand the file in as applications of the real track."""
    from comity.store import relations
    from comity.store.relations import bond
    from tests.actions import office as made

    agreed = made.agreement_bytes().replace(b'name = "deed"', b'name = "repatriation"')
    monkeypatch.setattr(relations, "_bonds", {})
    row = office.relation.agreement
    monkeypatch.setattr(made, "agreement_bytes", lambda *_: agreed)
    _amend(office, agreed, row)
    assert "repatriation" in bond(office.relation).agreement.tracks

    def hand_in(path: Path, *words: str) -> Ran:
        return run("case", "open", "repatriation", "--file", str(path), *words, officer="author")

    return hand_in


def _amend(office: Office, data: bytes, row: Any) -> None:
    """The office's relation under an agreement that has the real track."""
    from comity.core.agreement import Agreement
    from comity.store.logs import AgreementRow, Relation
    from tests.actions.office import ALL

    agreement = Agreement.load(data, ALL)
    new = AgreementRow.objects.create(
        digest=agreement.digest, name=agreement.name, version=1, bytes=data, signature=b"not checked here"
    )
    Relation.objects.update(agreement=new)
    office.relation = Relation.objects.select_related("agreement").get()


def written(
    path: Path, change: Callable[[list[dict[str, str]]], None], encoding: str = "utf-8", rows: int = 4
) -> Path:
    """The first example rows, changed, as a CSV file."""
    with (EXAMPLES / "applications.csv").open(encoding="utf-8", newline="") as file:
        reader = csv.DictReader(file)
        lines = [row for _, row in zip(range(rows), reader, strict=False)]
        names = list(reader.fieldnames or ())
    change(lines)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, names)
    writer.writeheader()
    writer.writerows(lines)
    path.write_bytes(out.getvalue().encode(encoding))
    return path


def nothing(_: list[dict[str, str]]) -> None:
    """Leave the rows as they are."""


ORDER = str(EXAMPLES / "final_order.txt")


@pytest.mark.parametrize("name", ["applications.csv", "applications.xlsx", "applications.json"])
def test_two_hundred_applications_in_one_go_and_never_twice(
    name: str, run: Run, open_file: Callable[..., Ran]
) -> None:
    run("case", "attach", ORDER, officer="author")
    report = open_file(EXAMPLES / name, "--json")
    assert report.code == OK
    assert report.json["counts"] == {"opened": 0, "awaiting": 200, "already": 0, "refused": 0}
    assert Bundle.objects.get().drafts.count() == 200
    assert CaseRow.objects.count() == 0
    again = open_file(EXAMPLES / name, "--json")
    assert again.json["counts"] == {"opened": 0, "awaiting": 0, "already": 200, "refused": 0}
    assert Draft.objects.count() == 200


def test_files_named_beside_the_csv_are_added(
    run: Run, open_file: Callable[..., Ran], tmp_path: Path
) -> None:
    (tmp_path / "order.txt").write_bytes(b"the order")

    def named(rows: list[dict[str, str]]) -> None:
        for row in rows:
            row["attachments"] = "order.txt"

    report = open_file(written(tmp_path / "few.csv", named), "--json").json
    assert report["counts"]["awaiting"] == 4


def test_a_wrong_header(open_file: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "wrong.csv"
    file.write_text("person.surname,birth_dat,sex\nWANG,1985,M\n", encoding="utf-8")
    refused = open_file(file, "--json")
    assert (refused.code, refused.error["code"], refused.error["where"]) == (FAILED, "wrong-header", "row 1")
    assert "birth_dat" in refused.error["what"]["en"]
    assert Draft.objects.count() == Bundle.objects.count() == 0


def test_a_bad_date_is_named_by_row_and_column_and_the_other_rows_go_on(
    run: Run, open_file: Callable[..., Ran], tmp_path: Path
) -> None:
    run("case", "attach", ORDER, officer="author")

    def spoil(rows: list[dict[str, str]]) -> None:
        rows[1]["birth_date"] = "1985-02-30"
        rows[3]["sex"] = "Q"

    file, report_file = written(tmp_path / "bad.csv", spoil), tmp_path / "report.csv"
    report = open_file(file, "--json", "--report", str(report_file))
    assert report.code == FAILED
    assert report.json["counts"] == {"opened": 0, "awaiting": 2, "already": 0, "refused": 2}
    bad = {
        (row["row"], row["problems"][0]["where"])
        for row in report.json["rows"]
        if row["outcome"] == "refused"
    }
    assert bad == {(3, "birth_date"), (5, "sex")}
    said = report_file.read_text(encoding="utf-8-sig")
    assert "birth_date" in said
    assert len(said.splitlines()) == 5
    shown = open_file(file)
    assert "3 / birth_date" in shown.out
    mended = open_file(written(tmp_path / "mended.csv", nothing), "--json").json
    assert mended["counts"] == {"opened": 0, "awaiting": 2, "already": 2, "refused": 0}


def test_a_file_in_gb18030_is_read_and_it_is_said(
    run: Run, open_file: Callable[..., Ran], tmp_path: Path
) -> None:
    run("case", "attach", ORDER, officer="author")
    report = open_file(written(tmp_path / "gb.csv", nothing, "gb18030"))
    assert report.code == OK
    assert "GB 18030" in report.err
    first = json.loads((EXAMPLES / "applications.json").read_bytes())[0]["body"]["person"]["native"]
    assert first in {draft.body["person"].get("native") for draft in Draft.objects.all()}


def test_a_file_in_no_encoding(open_file: Callable[..., Ran], tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    file.write_bytes(b"\xff\xff\xff\x80,\x00")
    assert open_file(file, "--json").error["code"] == "unknown-encoding"


def test_more_than_a_hundred_thousand_rows(open_file: Callable[..., Ran], tmp_path: Path) -> None:
    head, row = (EXAMPLES / "applications.csv").read_text("utf-8").splitlines()[:2]
    file = tmp_path / "huge.csv"
    short = ",".join(cell[:8] for cell in next(csv.reader([row])))
    file.write_text("\n".join([head, *[short] * (MOST + 1)]), encoding="utf-8")
    refused = open_file(file, "--json")
    assert (refused.code, refused.error["code"]) == (FAILED, "too-many-rows")
    assert "100,000" in refused.error["what"]["en"]
    assert Draft.objects.count() == 0


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("x.csv", b"", "file-empty"),
        ("x.pdf", b"%PDF", "unknown-file-kind"),
        ("x.xlsx", b"PK\x03\x04nonsense", "broken-xlsx"),
        ("x.json", b'[{"a":1,"a":2}]', "json-duplicate-key"),
        ("x.json", b"[" * 10_000, "json-too-deep"),
    ],
)
def test_files_that_are_none(
    name: str, content: bytes, code: str, open_file: Callable[..., Ran], tmp_path: Path
) -> None:
    file = tmp_path / name
    file.write_bytes(content)
    refused = open_file(file, "--json")
    assert (refused.code, refused.error["code"]) == (FAILED, code)


def test_a_file_that_is_not_there(open_file: Callable[..., Ran], tmp_path: Path) -> None:
    assert open_file(tmp_path / "nothing.csv", "--json").error["code"] == "file-unreadable"
