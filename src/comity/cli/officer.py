"""Officers, units and tokens from the command line: for the administrator of the node, on its machine."""

from __future__ import annotations

from typing import Annotated, Any

from comity.cli.frame import Arg, Noun, Opt
from comity.cli.terminal import Terminal
from comity.core.text import Refusal, Text

OFFICER = Noun("officer", Text("Accounts, units and tokens", "账户、部门与令牌"))
ROLE_NAMES = (
    "case_officer",
    "supervisor",
    "liaison",
    "hotline_duty",
    "analyst",
    "oversight",
    "administrator",
)


def roles(_: str) -> list[str]:
    return list(ROLE_NAMES)


Name = Annotated[str, Arg(Text("User name", "用户名"), "NAME")]
Role = Annotated[str, Opt(Text("Role", "角色"), ("--role",), "|".join(ROLE_NAMES), complete=roles)]
UnitCode = Annotated[
    str, Opt(Text("Code of the unit (made where it is new)", "部门代码（如无则新建）"), ("--unit",))
]
FullName = Annotated[str, Opt(Text("Name as shown", "显示姓名"), ("--name",))]
Lang = Annotated[
    str, Opt(Text("Language of this officer’s pages", "该人员的页面语言"), ("--pages",), "en|zh")
]
PasswordIn = Annotated[
    bool,
    Opt(
        Text("Read the password from the first line of stdin", "从标准输入首行读取密码"),
        ("--password-stdin",),
    ),
]
UnitTitles = Annotated[
    str,
    Opt(Text("Name of the unit in both languages, EN/ZH", "部门的中英文名称，写作 英/中"), ("--unit-title",)),
]
Scopes = Annotated[
    str,
    Opt(Text("What the token may do, by commas", "令牌权限，以逗号分隔"), ("--scopes",), "read,draft,step"),
]
Days = Annotated[int, Opt(Text("Days it lives, 1 to 366", "有效天数，1 至 366"), ("--days",))]
Label = Annotated[str, Opt(Text("What it is for", "用途"), ("--label",))]


@OFFICER.verb("list", Text("List accounts", "列出账户"))
def list_(terminal: Terminal) -> None:
    from comity.store.people import ROLES, Officer

    rows: list[dict[str, Any]] = [
        {"officer": o.username, "name": o.get_full_name(), "role": o.role, "unit": o.unit.code if o.unit else None,
         "lang": o.lang, "active": o.is_active, "pseudonym": o.pseudonym}
        for o in Officer.objects.select_related("unit")
    ]  # fmt: skip
    heads = (Text("Account", "账户"), Text("Name", "姓名"), Text("Role", "角色"), Text("Unit", "部门"), Text("Open", "启用"),
             Text("Pseudonym", "化名"))  # fmt: skip
    terminal.put(
        rows,
        lambda: terminal.table(
            heads,
            [
                (r["officer"], r["name"], ROLES.get(r["role"]), r["unit"], r["active"], r["pseudonym"])
                for r in rows
            ],
        ),
    )


@OFFICER.verb("add", Text("Make an account", "新建账户"))
def add(
    terminal: Terminal,
    name: Name,
    role: Role,
    unit: UnitCode = "",
    full_name: FullName = "",
    pages: Lang = "en",
    password_stdin: PasswordIn = False,
    unit_title: UnitTitles = "",
) -> None:
    """The password is asked for, twice, and kept as an Argon2 hash."""
    from comity.store.audit import record
    from comity.store.database import writing
    from comity.store.people import ROLES

    if role not in ROLES:
        raise Refusal(
            "unknown-role",
            Text(f"There is no role {role!r}.", f"没有“{role}”这一角色。"),
            "--role",
            Text(f"Choose one of: {', '.join(ROLES)}.", f"请选择：{'、'.join(ROLES)}。"),
        )
    password = new_password(terminal, name, password_stdin)
    with writing():
        made = make(name, role, unit, password, full_name=full_name, lang=pages, unit_title=unit_title)
        record(None, "make_officer", None, via="cli", account=name, role=role, unit=unit or None)
    data = {"officer": made.username, "role": made.role, "unit": unit or None, "pseudonym": made.pseudonym}
    said = Text("{name}: {role}, pseudonym {pseudonym}", "{name}：{role}，化名 {pseudonym}")
    terminal.put(data, said.fill(name=name, role=ROLES[role], pseudonym=made.pseudonym)[terminal.lang])


def make(
    name: str,
    role: str,
    unit: str,
    password: str,
    *,
    full_name: str = "",
    lang: str = "en",
    unit_title: str = "",
) -> Any:
    """A new account; its unit is made where there is none of that code. Refusals: officer-exists, bad-officer."""
    from django.core.exceptions import ValidationError

    from comity.store.people import Officer, Unit

    if Officer.objects.filter(username=name).exists():
        raise Refusal(
            "officer-exists", Text(f"There is an account {name!r} already.", f"账户“{name}”已存在。"), "name"
        )
    home = None
    if unit:
        en, _, zh = (unit_title or f"{unit}/{unit}").partition("/")
        home, _ = Unit.objects.get_or_create(
            code=unit, defaults={"en": en.strip() or unit, "zh": zh.strip() or en}
        )
    row = Officer(
        username=name, role=role, unit=home, lang=lang if lang in ("en", "zh") else "en", first_name=full_name
    )
    row.set_password(password)
    try:
        row.full_clean(exclude=["password"])
    except ValidationError as fault:
        said = "; ".join(fault.messages)
        raise Refusal(
            "bad-officer", Text(f"The account cannot be made: {said}", f"无法新建账户：{said}")
        ) from fault
    row.save()
    return row


def new_password(terminal: Terminal, name: str, piped: bool) -> str:
    from django.contrib.auth.password_validation import validate_password
    from django.core.exceptions import ValidationError

    password = terminal.password(name, piped=piped)
    if not piped and terminal.password(name) != password:
        raise Refusal("passwords-differ", Text("The two passwords differ.", "两次输入的密码不一致。"))
    try:
        validate_password(password)
    except ValidationError as fault:
        said = " ".join(fault.messages)
        raise Refusal(
            "weak-password",
            Text(f"This password will not do: {said}", f"该密码不符合要求：{said}"),
            "password",
            Text("At least 12 characters, nothing common.", "至少 12 个字符，且不得为常见密码。"),
        ) from fault
    return password


@OFFICER.verb("close", Text("Close an account", "停用账户"))
def close(terminal: Terminal, name: Name) -> None:
    """What it wrote stays; it signs in no more, and its tokens die with it."""
    _set_active(terminal, name, False)


@OFFICER.verb("reopen", Text("Open a closed account again", "重新启用账户"))
def reopen(terminal: Terminal, name: Name) -> None:
    _set_active(terminal, name, True)


def _set_active(terminal: Terminal, name: str, active: bool) -> None:
    from comity.store.audit import record
    from comity.store.database import writing
    from comity.store.people import Officer

    with writing():
        if not Officer.objects.filter(username=name).update(is_active=active):
            raise Refusal(
                "unknown-officer", Text(f"No officer here is named {name!r}.", f"没有名为“{name}”的人员。")
            )
        record(None, "change_officer", None, via="cli", account=name, active=active)
    said = Text("{name}: open", "{name}：启用") if active else Text("{name}: closed", "{name}：已停用")
    terminal.put({"officer": name, "active": active}, said.fill(name=name)[terminal.lang])


@OFFICER.verb("token", Text("Issue a token for programs", "签发程序用令牌"))
def token(
    terminal: Terminal, name: Name, scopes: Scopes = "read", days: Days = 90, label: Label = "cli"
) -> None:
    """It is shown once. A token acts as its officer within its scopes, and never approves."""
    from comity.store.audit import record
    from comity.store.database import writing
    from comity.store.people import SCOPES, Officer, Token

    owner = Officer.objects.filter(username=name, is_active=True).first()
    if owner is None:
        raise Refusal(
            "unknown-officer", Text(f"No officer here is named {name!r}.", f"没有名为“{name}”的人员。")
        )
    asked = [each.strip() for each in scopes.split(",") if each.strip()]
    if not asked or set(asked) - set(SCOPES) or not 1 <= days <= 366:
        known = ", ".join(SCOPES)
        raise Refusal(
            "bad-token",
            Text("The token cannot be made with these scopes and days.", "无法按此权限和天数签发令牌。"),
            "--scopes / --days",
            Text(f"Scopes: {known}; days: 1 to 366.", f"权限：{known}；天数：1 至 366。"),
        )
    with writing():
        row, secret = Token.issue(owner, asked, label, days=days)
        record(owner, "issue_token", None, via="cli", label=label, scopes=row.scopes, days=days, token=row.pk)
    data = {
        "officer": name,
        "id": row.pk,
        "token": secret,
        "scopes": row.scopes,
        "expires": row.expires.isoformat(),
    }
    terminal.say(Text("Shown once; keep it safe:", "仅显示一次，请妥善保存："))
    terminal.put(data, secret)


TokenId = Annotated[int, Arg(Text("Number of the token", "令牌编号"), "ID")]


@OFFICER.verb("revoke", Text("Revoke a token", "吊销令牌"))
def revoke(terminal: Terminal, token: TokenId) -> None:
    from django.utils import timezone

    from comity.store.audit import record
    from comity.store.database import writing
    from comity.store.people import Token

    with writing():
        if not Token.objects.filter(pk=token, revoked=None).update(revoked=timezone.now()):
            raise Refusal(
                "unknown-token", Text(f"There is no live token {token}.", f"没有编号为 {token} 的有效令牌。")
            )
        record(None, "revoke_token", None, via="cli", token=token)
    terminal.put({"id": token, "revoked": True}, Text("Revoked.", "已吊销。")[terminal.lang])
