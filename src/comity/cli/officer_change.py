"""An account as it changes: a new password, another role or unit, a lock taken off. For the administrator of the node."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from comity.cli.frame import Opt
from comity.cli.officer import OFFICER, Name, PasswordIn, new_password
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

if TYPE_CHECKING:
    from comity.store.people import Officer

__all__ = ["OFFICER"]

NewRole = Annotated[str, Opt(Text("New role", "新角色"), ("--role",))]
NewUnit = Annotated[str, Opt(Text("Code of the new unit", "新部门代码"), ("--unit",))]


@OFFICER.verb("password", Text("Set a new password", "重设密码"))
def password(terminal: Terminal, name: Name, password_stdin: PasswordIn = False) -> None:
    """Sessions opened with the old one end at once."""
    from comity.store.audit import record
    from comity.store.database import writing

    row = _account(name)
    row.set_password(new_password(terminal, name, password_stdin))
    with writing():
        row.save(update_fields=["password"])
        record(None, "change_officer", None, via="cli", account=name, password=True)
    terminal.put({"officer": name, "password": "changed"}, Text("Changed.", "已更改。")[terminal.lang])


@OFFICER.verb("move", Text("Give an officer another role or unit", "变更人员的角色或部门"))
def move(terminal: Terminal, name: Name, role: NewRole = "", unit: NewUnit = "") -> None:
    """Cases stay where they are: hand them over before. His tokens keep only what the new role may do."""
    from comity.store.audit import record
    from comity.store.database import writing
    from comity.store.people import ROLES, Unit

    row = _account(name)
    if role and role not in ROLES:
        raise Refusal(
            "unknown-role",
            Text(f"There is no role {role!r}.", f"没有“{role}”这一角色。"),
            "--role",
            Text(f"Choose one of: {', '.join(ROLES)}.", f"请选择：{'、'.join(ROLES)}。"),
        )
    if unit:
        row.unit = Unit.objects.filter(code=unit).first()
        if row.unit is None:
            raise Refusal(
                "unknown-unit",
                Text(f"There is no unit {unit!r}.", f"没有代码为“{unit}”的部门。"),
                "--unit",
                Text("Units are made with `officer add --unit`.", "部门由 officer add --unit 新建。"),
            )
    row.role = role or row.role
    with writing():
        row.save(update_fields=["role", "unit"])
        record(None, "change_officer", None, via="cli", account=name, role=row.role, unit=unit or None)
    data = {"officer": name, "role": row.role, "unit": row.unit.code if row.unit else None}
    terminal.put(data, Text("Changed.", "已更改。")[terminal.lang])


@OFFICER.verb(
    "unlock", Text("Take the lock off after too many failed sign-ins", "解除多次登录失败造成的锁定")
)
def unlock(terminal: Terminal, name: Name) -> None:
    from axes.utils import reset

    from comity.store.audit import record

    freed = reset(username=_account(name).get_username())
    record(None, "change_officer", None, via="cli", account=name, unlocked=freed)
    terminal.put({"officer": name, "failures": freed}, Text("Unlocked.", "已解除锁定。")[terminal.lang])


def _account(name: str) -> Officer:
    from comity.store.people import Officer

    row = Officer.objects.select_related("unit").filter(username=name).first()
    if row is None:
        raise Refusal(
            "unknown-officer", Text(f"No officer here is named {name!r}.", f"没有名为“{name}”的人员。")
        )
    return row
