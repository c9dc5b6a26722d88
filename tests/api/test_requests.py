"""What arrives badly, by name, with its exact answer; and that openapi.json tells the truth about forms and codes."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest
from jsonschema import Draft202012Validator

from comity.api.api import api
from comity.api.faults import STATUS
from comity.api.parse import MOST_BYTES
from comity.derive.schema import body_schema, step_schema
from comity.store.drafts import Draft
from comity.tracks import TRACKS
from tests import samples
from tests.api.caller import Caller, fault

if TYPE_CHECKING:
    from tests.actions.office import Office

Call = Callable[..., Caller]
STEPS = [(track, step) for track in TRACKS.values() for step in track.steps]
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("raw", "status", "code"),
    [
        (b'{"track":"letter","track":"deed"}', 400, "json-duplicate-key"),
        (b'{"track":"letter","body":{"whom":NaN}}', 400, "json-number"),
        (b'{"track":"letter","body":{"whom":1.5}}', 400, "json-number"),
        (b'{"track":"letter","body":{"whom":99999999999999999999}}', 400, "json-number"),
        (b'{"track":"letter","body":{"whom":"\\ud800"}}', 400, "json-surrogate"),
        (b'{"track":"letter","body":{"whom":"\\u0000"}}', 400, "json-nul"),
        (b'{"track":"letter","body":{"wh\\u0000om":"x"}}', 400, "json-nul"),
        (b'{"track":"letter","body":' + b"[" * 10_000 + b"]" * 10_000 + b"}", 400, "json-too-deep"),
        (b'{"track":', 400, "json-malformed"),
        (b"\xff\xfe", 400, "json-not-utf8"),
        (b"[]", 422, "bad-request"),
        (b'{"track":"letter","nonsense":1}', 422, "bad-request"),
        (b'{"track":"letter","attachments":["not a digest"]}', 422, "bad-request"),
        (b'{"track":"' + b"x" * 81 + b'"}', 422, "bad-request"),
        (b'{"track":"letter","body":{"whom":"' + b"x" * MOST_BYTES + b'"}}', 413, "request-too-large"),
        (b'{"track":"letter","body":{"whom":"' + b"x" * 6 * MOST_BYTES + b'"}}', 413, "request-too-large"),
    ],
)
def test_bad_json(raw: bytes, status: int, code: str, office: Office, call: Call) -> None:
    fault(call("author")("POST", "/cases", raw=raw), status, code)
    assert Draft.objects.count() == 0


def test_another_kind_of_content(office: Office, call: Call) -> None:
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        fault(call("author")("POST", "/cases", raw=b"{}", content_type=kind), 415, "not-json")


def test_a_method_an_address_does_not_have(office: Office, call: Call) -> None:
    response = call("author")("PUT", "/cases", {})
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == {"GET", "POST"}


def test_a_busy_database_is_said_to_be_busy(
    office: Office, call: Call, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import OperationalError

    from comity.store import queries

    def locked(*_: Any, **__: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(queries, "cases", locked)
    response = call("author").get("/cases")
    fault(response, 503, "busy")
    assert response.headers["Retry-After"] == "30"


# -- openapi.json ------------------------------------------------------------------------------------------------------


def described() -> dict[str, Any]:
    return json.loads(json.dumps(api.get_openapi_schema()))


def test_every_form_of_every_step_stands_in_the_description() -> None:
    schemas = described()["components"]["schemas"]
    for track, step in STEPS:
        said = schemas[f"{track.name}.{step.name}.body"]
        assert set(said["properties"]) == {field.name for field in step.form}
    assert {r["$ref"] for r in schemas["OpenIn"]["properties"]["body"]["anyOf"]} == {
        f"#/components/schemas/{t.name}.{t.opening.name}.body" for t in TRACKS.values()
    }


def test_every_operation_names_its_scope_and_the_codes_of_its_refusals() -> None:
    for path, operations in described()["paths"].items():
        for method, said in operations.items():
            codes = set(said["responses"])
            if path.endswith("/healthz"):
                continue
            assert said["security"], path
            assert {"401", "403", "422", "503"} <= codes
            assert ("404" in codes) or "{" not in path
            if method != "get":
                assert {"400", "404", "409", "413", "415"} <= codes
            for code in codes - {"200", "201", "202", "204"}:
                schema = said["responses"][code]["content"]["application/json"]["schema"]
                assert schema == {"$ref": "#/components/schemas/Fault"}


def test_a_status_is_given_to_refusals_that_exist_only() -> None:
    assert set(STATUS.values()) <= {401, 403, 404, 409, 413, 415, 503}


@pytest.mark.parametrize(("track", "step"), STEPS, ids=[f"{t.name}.{s.name}" for t, s in STEPS])
def test_the_schema_of_a_step_is_one_and_takes_what_the_form_takes(track: Any, step: Any) -> None:
    whole = step_schema(track, step)
    Draft202012Validator.check_schema(whole)
    body = samples.body(step, NOW)
    sent: dict[str, Any] = {"body": body}
    if step.safeguards:
        sent["safeguards"] = samples.answers(track, step)
    if step.attachments == "required":
        sent["attachments"] = ["ab" * 32]
    jsonschema.validate(sent, whole, Draft202012Validator)
    for name in body_schema(step)["required"]:  # type: ignore[union-attr]  # a list
        short = {key: value for key, value in body.items() if key != name}
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate({**sent, "body": short}, whole, Draft202012Validator)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**sent, "body": {**body, "nonsense": 1}}, whole, Draft202012Validator)


def test_a_field_that_is_asked_only_sometimes_is_required_only_then() -> None:
    step = TRACKS["repatriation"].opening
    body = {**samples.body(step, NOW), "evidence": "none"}
    body.pop("interview_language", None)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(body, body_schema(step), Draft202012Validator)
    jsonschema.validate({**body, "evidence": "proof"}, body_schema(step), Draft202012Validator)
