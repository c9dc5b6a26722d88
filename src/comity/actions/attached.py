"""The files a draft names: are they here, does the step take them, may they be passed on? Reads tables, writes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from comity.core.entry import MAX_ATTACHMENTS
from comity.core.strict_json import Json
from comity.core.text import Text
from comity.core.track import Step
from comity.law import handling
from comity.law.problem import Problem
from comity.store import bodies
from comity.store.drafts import Draft
from comity.store.files import HELD, Attachment, AttachmentUse
from comity.store.logs import Entry
from comity.store.relations import bond


@dataclass(slots=True)
class Files:
    """What has been looked up of files, so that many drafts that name the same ones ask once."""

    _rows: dict[str, Attachment | None] = field(default_factory=dict)
    _received: dict[str, list[handling.Received]] = field(default_factory=dict)

    def of(self, draft: Draft) -> tuple[Attachment, ...]:
        """The files of a draft that have a row here, in its order."""
        self._look_up(draft.attachments)
        rows = (self._rows[digest] for digest in draft.attachments)
        return tuple(row for row in rows if row is not None)

    def problems(self, draft: Draft, step: Step, body: Mapping[str, Json]) -> list[Problem]:
        """Everything wrong with the files of a draft, whose clean body is `body`."""
        self._look_up(draft.attachments)
        return [
            *_of_the_step(draft, step),
            *self._not_here(draft),
            *_not_listed(draft, step, body),
            *self._onward(draft),
        ]

    def _look_up(self, digests: Iterable[str]) -> None:
        wanted = [digest for digest in digests if digest not in self._rows]
        if not wanted:
            return
        self._rows.update(dict.fromkeys(wanted))
        self._rows.update(Attachment.objects.in_bulk(wanted))
        self._received.update({digest: [] for digest in wanted})
        uses = AttachmentUse.objects.filter(attachment_id__in=wanted, ours=False)
        for use in uses.select_related("relation", "entry"):
            agreement = bond(use.relation).agreement
            sender = agreement.party(use.relation.peer)
            rule = handling.onward(agreement.handling.onward, _label(use.entry))
            self._received[use.attachment_id].append(handling.Received("", sender.code, sender.name, rule))

    def _not_here(self, draft: Draft) -> Iterable[Problem]:
        for place, digest in enumerate(draft.attachments):
            file = self._rows[digest]
            if file is None or file.state != HELD:
                yield Problem(
                    "attachment-unknown", f"attachments.{place}",
                    Text("This file is not complete on this node.", "该文件在本节点尚不完整。"),
                    Text("Add the file again.", "请重新添加文件。"),
                )  # fmt: skip

    def _onward(self, draft: Draft) -> list[Problem]:
        """Files that came from an authority, which may not want them passed on."""
        found = [
            replace(item, what=f"attachments.{place}")
            for place, digest in enumerate(draft.attachments)
            for item in self._received[digest]
        ]
        return handling.forwarding(found, draft.relation.peer)


def _of_the_step(draft: Draft, step: Step) -> Iterable[Problem]:
    if step.attachments == "required" and not draft.attachments:
        yield Problem(
            "attachment-missing", "attachments",
            Text("This step needs a document attached to it.", "此步骤须附具文件。"),
            Text("Add the file.", "请添加文件。"),
        )  # fmt: skip
    if step.attachments == "none" and draft.attachments:
        yield Problem(
            "attachment-unwanted", "attachments",
            Text("This step takes no attachment.", "此步骤不接受附件。"),
            Text("Remove it.", "请移除附件。"),
        )  # fmt: skip
    if len(draft.attachments) > MAX_ATTACHMENTS:
        yield Problem(
            "too-many-attachments", "attachments",
            Text("At most {most} files fit into one step.", "每个步骤最多附 {most} 个文件。").fill(most=MAX_ATTACHMENTS),
            Text("Send the others with a further note.", "其余文件请另以补充说明发送。"),
        )  # fmt: skip


def _not_listed(draft: Draft, step: Step, body: Mapping[str, Json]) -> Iterable[Problem]:
    for asked in step.form:
        if (
            asked.type.name == "attachment"
            and asked.name in body
            and body[asked.name] not in draft.attachments
        ):
            yield Problem(
                "attachment-not-listed", asked.name,
                Text("“{title}” names a file that is not attached.", "“{title}”所指文件未列入附件。").fill(title=asked.title),
                Text("Attach the file, or name another.", "请附上该文件或改选其他文件。"),
            )  # fmt: skip


def _label(entry: Entry) -> Mapping[str, object] | None:
    """The handling label in the body of an entry, where its form has one."""
    body = bodies.read(bytes(entry.body)) if entry.body is not None else {}
    return next((value for value in body.values() if isinstance(value, dict) and "tlp" in value), None)
