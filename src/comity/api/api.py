"""The API put together, and its description: every code it answers is in openapi.json, every step's form too.

Border: no operation stands here. There is no page of documentation that would load a script from elsewhere; openapi.json is
public, as the forms are.
"""

from __future__ import annotations

from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema

from comity.api import agreements, cases, drafts, faults, files, node, tracks
from comity.api.parse import StrictParser
from comity.derive.schema import body_schema, safeguards_schema
from comity.tracks import TRACKS

VERSION = "1"
_OPENING, _STEPS = ("OpenIn",), ("StepIn", "DraftIn")


class ComityAPI(NinjaAPI):
    """Ninja's API, with the forms of every step of every track in its description."""

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        made = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        _with_forms(made["components"]["schemas"])
        return made


def _with_forms(schemas: dict[str, Any]) -> None:
    """Write each step's body and safeguards into the components, and offer them where a step is taken."""
    opening: list[dict[str, str]] = []
    every: list[dict[str, str]] = []
    for track in TRACKS.values():
        for step in track.steps:
            name = f"{track.name}.{step.name}"
            schemas[f"{name}.body"] = {
                "title": f"{name}: {step.title.en} / {step.title.zh}",
                **body_schema(step),
            }
            if step.safeguards:
                schemas[f"{name}.safeguards"] = safeguards_schema(track, step)
            reference = {"$ref": f"#/components/schemas/{name}.body"}
            every.append(reference)
            if step.opens:
                opening.append(reference)
    for name, offered in (("OpenIn", opening), ("StepIn", every)):
        if name in schemas:
            body = schemas[name]["properties"]["body"]
            schemas[name]["properties"]["body"] = {"title": body.get("title", "Body"), "anyOf": offered}


def make() -> NinjaAPI:
    """The API. Made once a process: ninja keeps its routers."""
    made = ComityAPI(
        title="comity",
        version=VERSION,
        description=(
            "Cases between two authorities. Every error is {code, what: {en, zh}, where, mend, problems}. A token acts as "
            "its officer within its scopes (read, draft, step) and never approves. 两个主管机关之间的案件接口。"
        ),
        docs_url=None,
        parser=StrictParser(),
        renderer=faults.Renderer(),
        urls_namespace="api",
    )
    faults.handle(made)
    for each in (cases, drafts, files, tracks, agreements, node):
        made.add_router("", each.router)
    return made


api = make()
