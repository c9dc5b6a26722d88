"""Who works at this authority: units, officers, their tokens, and who is assigned to which case.

Border: none of this ever leaves the node. The other authority sees an officer only as a pseudonym, which is
drawn at random once and says nothing about the person. What a role may do is `comity.access`; which cases an officer
may read is `in_sight` below, because every query of the store needs it.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import ClassVar

from django.contrib.auth.models import AbstractUser
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from comity.core.text import Text

CASE_OFFICER = "case_officer"
SUPERVISOR = "supervisor"
LIAISON = "liaison"
HOTLINE_DUTY = "hotline_duty"
ANALYST = "analyst"
OVERSIGHT = "oversight"
ADMINISTRATOR = "administrator"

ROLES: dict[str, Text] = {
    CASE_OFFICER: Text("Case officer", "承办人员"),
    SUPERVISOR: Text("Supervisor", "主管人员"),
    LIAISON: Text("Liaison officer", "联络官"),
    HOTLINE_DUTY: Text("Hotline duty officer", "热线值班员"),
    ANALYST: Text("Analyst", "分析员"),
    OVERSIGHT: Text("Oversight", "监督人员"),
    ADMINISTRATOR: Text("Administrator", "系统管理员"),
}
TAKES_STEPS = frozenset({CASE_OFFICER, SUPERVISOR, LIAISON, HOTLINE_DUTY})
APPROVES = frozenset({SUPERVISOR, LIAISON})
SEES_BY_NEED = frozenset({CASE_OFFICER, SUPERVISOR, LIAISON, HOTLINE_DUTY, ANALYST})
SEES_ALL = frozenset({OVERSIGHT})

SCOPES: dict[str, Text] = {
    "read": Text("Read cases, work and scorecards", "读取案件、待办事项和计分表"),
    "draft": Text(
        "Save and withdraw drafts, add attachments and notes", "保存和撤回草稿，添加附件和内部备注"
    ),
    "step": Text("Take steps and open cases", "办理步骤并立案"),
}
TOKEN_PREFIX = "comity_"  # noqa: S105  (a visible prefix so that leaked tokens can be found; not a secret)

_CROCKFORD = "0123456789abcdefghjkmnpqrstvwxyz"


def new_pseudonym() -> str:
    """A pseudonym the other authority may see: 12 random Crockford base32 characters (60 bits)."""
    return "".join(secrets.choice(_CROCKFORD) for _ in range(12))


class Unit(models.Model):
    """A part of the authority that holds cases: its officers may read what it holds."""

    code = models.SlugField(max_length=40, unique=True)
    en = models.CharField(max_length=120)
    zh = models.CharField(max_length=120)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["code"]

    @property
    def title(self) -> Text:
        return Text(self.en, self.zh)

    def __str__(self) -> str:
        return self.code


class Officer(AbstractUser):
    """A person with an account. `pseudonym` is all the other authority ever sees of him or her."""

    role = models.CharField(max_length=20, choices=[(code, text.en) for code, text in ROLES.items()])
    unit = models.ForeignKey(Unit, null=True, blank=True, on_delete=models.PROTECT, related_name="officers")
    lang = models.CharField(max_length=2, choices=[("en", "English"), ("zh", "中文")], default="en")
    pseudonym = models.CharField(max_length=40, unique=True, default=new_pseudonym, editable=False)

    class Meta:
        app_label = "store"
        ordering: ClassVar = ["username"]

    @property
    def role_title(self) -> Text:
        return ROLES[self.role]

    @property
    def shown_name(self) -> str:
        return self.get_full_name() or self.username

    def clean(self) -> None:
        super().clean()
        if self.role not in ROLES:
            raise ValidationError({"role": f"not a role: {self.role}"})


class Assignment(models.Model):
    """One officer has one case on his desk. A case may be on several desks."""

    case = models.ForeignKey("store.CaseRow", on_delete=models.CASCADE, related_name="assignments")
    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="assignments")
    by = models.ForeignKey(Officer, null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(default=timezone.now)

    class Meta:
        app_label = "store"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["case", "officer"], name="assignment_once"),
        ]


class Token(models.Model):
    """A key for programs, kept only as SHA-256 of 256 random bits. It acts as its officer, within its scopes.

    A token can never approve: `actions.approve` refuses whatever its scopes (four eyes means two people).
    """

    officer = models.ForeignKey(Officer, on_delete=models.CASCADE, related_name="tokens")
    label = models.CharField(max_length=80)
    hash = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(default=list)
    created = models.DateTimeField(default=timezone.now)
    expires = models.DateTimeField()
    revoked = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "store"

    @classmethod
    def issue(
        cls, officer: Officer, scopes: list[str], label: str, *, days: int = 90, at: datetime | None = None
    ) -> tuple[Token, str]:
        """Make a token; returns it with its secret, which is shown once and kept nowhere.

        ValueError where a scope is unknown or `days` is not 1..366.
        """
        unknown = sorted(set(scopes) - set(SCOPES))
        if unknown or not scopes:
            raise ValueError(f"unknown scopes {unknown}; a token needs one or more of {sorted(SCOPES)}")
        if not 1 <= days <= 366:
            raise ValueError("a token lives 1 to 366 days")
        secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
        now = at or timezone.now()
        token = cls.objects.create(
            officer=officer, label=label, hash=cls.hashed(secret), scopes=sorted(set(scopes)),
            created=now, expires=now + timedelta(days=days),
        )  # fmt: skip
        return token, secret

    @staticmethod
    def hashed(secret: str) -> str:
        return hashlib.sha256(secret.encode()).hexdigest()

    @classmethod
    def find(cls, secret: str, at: datetime | None = None) -> Token | None:
        """The live token of this secret, or None: unknown, expired, revoked, or its officer's account is closed."""
        now = at or timezone.now()
        return (
            cls.objects.select_related("officer", "officer__unit")
            .filter(hash=cls.hashed(secret), revoked=None, expires__gt=now, officer__is_active=True)
            .first()
        )


def in_sight(officer: Officer) -> Q:
    """The need-to-know rule as a filter on CaseRow: assigned to the officer, or held by his unit.

    Oversight sees every case; an administrator, and any account that is closed, sees none. Every list, count,
    search, attachment and export is filtered by this and nothing else.
    """
    if not officer.is_active:
        return Q(pk__in=[])
    if officer.role in SEES_ALL:
        return Q()
    if officer.role not in SEES_BY_NEED:
        return Q(pk__in=[])
    assigned = Q(Exists(Assignment.objects.filter(case=OuterRef("pk"), officer_id=officer.pk)))
    return assigned | Q(unit_id=officer.unit_id) if officer.unit_id is not None else assigned
