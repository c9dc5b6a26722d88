"""Attachments: put here as a stream, named by their SHA-256, read back as a stream. Never held in memory."""

from __future__ import annotations

import re
from contextlib import ExitStack
from tempfile import TemporaryFile
from typing import Any, BinaryIO, cast

from django.http import FileResponse, HttpRequest
from django.http.response import HttpResponseBase
from ninja import Router, Status

from comity import access, actions
from comity.actions.drafting import attachment_in_sight
from comity.actions.keeping import place_of
from comity.api import asked
from comity.api.auth import DRAFT, READ, VIA, caller
from comity.api.cases import find
from comity.api.faults import READING_ONE, WRITING
from comity.core.text import Refusal, Text
from comity.derive.exporting import evidence
from comity.derive.shapes import Shape
from comity.store.audit import record
from comity.store.files import ERASED, HELD, MAX_SIZE, Attachment, AttachmentUse, Transfer

router = Router(tags=["files"])
BINARY = "application/octet-stream"
_SHA256 = re.compile(r"[0-9a-f]{64}\Z")
_STREAM: dict[str, Any] = {
    "requestBody": {"required": True, "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}}}
}
_BYTES: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The bytes of the file",
            "content": {BINARY: {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


class FileOut(Shape):
    """A file complete on this node. `root` is that of the RFC 9162 tree over its 1 MiB chunks."""

    sha256: str
    size: int
    root: str


class CaseFile(FileOut):
    """A file an entry of the case names. `state`: held, arriving, refused or erased; `side`: who sent it."""

    state: str
    side: str
    entry: int
    arrived: int | None


@router.post(
    "/attachments",
    auth=DRAFT,
    response={201: FileOut, **WRITING},
    openapi_extra=_STREAM,
    summary="Add a file",
)
def add_file(request: HttpRequest, name: asked.FileName = "") -> Status[FileOut]:
    """The body is the file itself, of any length up to 8 GiB; it is written to disk as it arrives."""
    if request.content_type != BINARY:
        raise Refusal(
            "not-json",
            Text("A file is sent as it is.", "文件须以原始字节发送。"),
            "Content-Type",
            Text(f"Send “Content-Type: {BINARY}”.", f"请发送“Content-Type: {BINARY}”。"),
        )
    length = request.META.get("CONTENT_LENGTH") or "0"
    if length.isdecimal() and int(length) > MAX_SIZE:
        raise Refusal(
            "attachment-too-large",
            Text("The file is larger than 8 GiB.", "文件超过 8 GiB 的上限。"),
            "body",
            Text("Split it.", "请拆分后再添加。"),
        )
    kept = actions.add_attachment(caller(request), cast(BinaryIO, request), name=name, via=VIA)
    return Status(201, FileOut(sha256=kept.pk, size=kept.size, root=kept.root))


@router.get(
    "/cases/{case}/attachments",
    auth=READ,
    response={200: list[CaseFile], **READING_ONE},
    summary="Files of a case",
)
def list_files(request: HttpRequest, case: str) -> list[CaseFile]:
    """Every file the case's entries name, and whether its bytes are here."""
    row = find(request, case)
    uses = list(AttachmentUse.objects.filter(case_id=row.pk, relation=row.relation).select_related("entry"))
    named = {use.attachment_id for use in uses}
    here = dict(Attachment.objects.filter(pk__in=named).values_list("pk", "state"))
    coming = {each.sha256: each for each in Transfer.objects.filter(relation=row.relation, sha256__in=named)}
    found = []
    for use in sorted(uses, key=lambda use: (use.entry.time, use.attachment_id)):
        transfer = coming.get(use.attachment_id)
        state = here.get(use.attachment_id) or (transfer.state if transfer else "arriving")
        found.append(
            CaseFile(
                sha256=use.attachment_id, size=use.size, root=use.root,
                state=state if state in (HELD, ERASED, "refused") else "arriving",
                side="us" if use.ours else "them", entry=use.entry.index,
                arrived=transfer.arrived if transfer and use.attachment_id not in here else None,
            )
        )  # fmt: skip
    return found


@router.get(
    "/attachments/{sha256}",
    auth=READ,
    response={200: None, **READING_ONE},
    openapi_extra=_BYTES,
    summary="Read a file",
)
def read_file(request: HttpRequest, sha256: str) -> HttpResponseBase:
    """Only a file the officer put here, or may read in a case or draft; anything else is 404."""
    who = caller(request)
    with access.acting(who, VIA):
        if not _SHA256.match(sha256) or not access.role_may(who.role, "read_attachment"):
            raise access.Hidden("read_attachment", None)
        held = Attachment.objects.filter(pk=sha256, state=HELD).first()
        if held is None or not attachment_in_sight(who, sha256):
            raise access.Hidden("read_attachment", None)
        use = AttachmentUse.objects.filter(
            attachment_id=sha256, case_id__in=access.visible(who).values("pk")
        ).first()
        record(who, "read_attachment", use.case_id if use is not None else None, via=VIA, sha256=sha256)
    answer = FileResponse(
        place_of(sha256).open("rb"), content_type=BINARY, as_attachment=True, filename=sha256
    )
    answer.headers["Cache-Control"] = "no-store"
    return answer


_ZIP: dict[str, Any] = {
    "responses": {
        200: {
            "description": "The evidence file",
            "content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}},
        }
    }
}


@router.get(
    "/cases/{case}/evidence",
    auth=READ,
    response={200: None, **READING_ONE},
    openapi_extra=_ZIP,
    summary="Evidence file of a case",
)
def read_evidence(request: HttpRequest, case: str) -> HttpResponseBase:
    """One zip with everything a court needs to check the case offline with comity-verify."""
    row = find(request, case)
    with ExitStack() as stack:
        made = stack.enter_context(TemporaryFile())
        evidence(caller(request), row, made, via=VIA)
        made.seek(0)
        stack.pop_all()  # the answer closes it
    return FileResponse(made, content_type="application/zip", as_attachment=True, filename=f"{row.pk}.zip")
