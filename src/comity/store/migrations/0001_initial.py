"""Every table of a node, the guards that keep entries and audit rows as they are, and the index of the search."""

import uuid

import django.contrib.auth.models
import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

import comity.store.audit
import comity.store.database
import comity.store.people
import comity.store.search


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="AgreementRow",
            fields=[
                ("digest", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("name", models.CharField(max_length=80)),
                ("version", models.PositiveIntegerField(default=1)),
                ("supersedes", models.CharField(blank=True, max_length=64)),
                ("bytes", models.BinaryField()),
                ("signature", models.BinaryField()),
                ("added", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="Attachment",
            fields=[
                ("sha256", models.CharField(max_length=64, primary_key=True, serialize=False)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("state", models.CharField(default="held", max_length=8)),
                ("added", models.DateTimeField(auto_now_add=True)),
            ],
        ),
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.CharField(max_length=40, primary_key=True, serialize=False)),
                ("track", models.CharField(max_length=40)),
                ("agreement", models.CharField(max_length=64)),
                ("requesting", models.CharField(max_length=8)),
                ("fold", models.TextField()),
                ("state", models.CharField(max_length=40)),
                ("held", models.BooleanField(default=False)),
                ("ended", models.BooleanField(default=False)),
                ("waiting", models.CharField(blank=True, max_length=4)),
                ("opened", models.DateTimeField()),
                ("updated", models.DateTimeField()),
                ("due_us", models.DateTimeField(null=True)),
                ("due_them", models.DateTimeField(null=True)),
                ("title", models.CharField(blank=True, max_length=300)),
            ],
            options={
                "ordering": ["-updated"],
            },
        ),
        migrations.CreateModel(
            name="Log",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author", models.CharField(max_length=8)),
                ("size", models.BigIntegerField(default=0)),
                ("frontier", models.BinaryField(default=bytes)),
                ("seen", models.BigIntegerField(default=0)),
                ("time", models.CharField(blank=True, max_length=24)),
                ("rank", models.IntegerField(default=0)),
                ("held", models.BigIntegerField(default=0)),
                ("offered", models.BigIntegerField(default=0)),
                ("spoke", models.CharField(blank=True, max_length=24)),
                ("indexed", models.BigIntegerField(default=0)),
                ("ahead", models.BinaryField(null=True)),
                ("substantial", models.BigIntegerField(default=0)),
            ],
        ),
        migrations.CreateModel(
            name="Unit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.SlugField(max_length=40, unique=True)),
                ("en", models.CharField(max_length=120)),
                ("zh", models.CharField(max_length=120)),
            ],
            options={
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Officer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                (
                    "is_superuser",
                    models.BooleanField(
                        default=False,
                        help_text="Designates that this user has all permissions without explicitly assigning them.",
                        verbose_name="superuser status",
                    ),
                ),
                (
                    "username",
                    models.CharField(
                        error_messages={"unique": "A user with that username already exists."},
                        help_text="Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.",
                        max_length=150,
                        unique=True,
                        validators=[django.contrib.auth.validators.UnicodeUsernameValidator()],
                        verbose_name="username",
                    ),
                ),
                ("first_name", models.CharField(blank=True, max_length=150, verbose_name="first name")),
                ("last_name", models.CharField(blank=True, max_length=150, verbose_name="last name")),
                ("email", models.EmailField(blank=True, max_length=254, verbose_name="email address")),
                (
                    "is_staff",
                    models.BooleanField(
                        default=False,
                        help_text="Designates whether the user can log into this admin site.",
                        verbose_name="staff status",
                    ),
                ),
                (
                    "is_active",
                    models.BooleanField(
                        default=True,
                        help_text="Designates whether this user should be treated as active. Unselect this instead of deleting accounts.",
                        verbose_name="active",
                    ),
                ),
                (
                    "date_joined",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="date joined"),
                ),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("case_officer", "Case officer"),
                            ("supervisor", "Supervisor"),
                            ("liaison", "Liaison officer"),
                            ("hotline_duty", "Hotline duty officer"),
                            ("analyst", "Analyst"),
                            ("oversight", "Oversight"),
                            ("administrator", "Administrator"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "lang",
                    models.CharField(choices=[("en", "English"), ("zh", "中文")], default="en", max_length=2),
                ),
                (
                    "pseudonym",
                    models.CharField(
                        default=comity.store.people.new_pseudonym, editable=False, max_length=40, unique=True
                    ),
                ),
                (
                    "groups",
                    models.ManyToManyField(
                        blank=True,
                        help_text="The groups this user belongs to. A user will get all permissions granted to each of their groups.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.group",
                        verbose_name="groups",
                    ),
                ),
                (
                    "user_permissions",
                    models.ManyToManyField(
                        blank=True,
                        help_text="Specific permissions for this user.",
                        related_name="user_set",
                        related_query_name="user",
                        to="auth.permission",
                        verbose_name="user permissions",
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="officers",
                        to="store.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["username"],
            },
            managers=[
                ("objects", django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name="Audit",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(db_index=True, default=django.utils.timezone.now)),
                ("action", models.CharField(db_index=True, max_length=40)),
                ("case_id", models.CharField(db_index=True, max_length=40, null=True)),
                ("via", models.CharField(default="node", max_length=8)),
                ("detail", models.JSONField(default=dict)),
                (
                    "officer",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Bundle",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("track", models.CharField(max_length=40)),
                ("step", models.CharField(max_length=40)),
                ("source", models.CharField(blank=True, max_length=200)),
                ("status", models.CharField(db_index=True, default="awaiting", max_length=10)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="bundles",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["-created"],
            },
        ),
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("id", models.BigIntegerField(primary_key=True, serialize=False)),
                ("index", models.BigIntegerField()),
                ("case_id", models.CharField(max_length=40, null=True)),
                ("step", models.CharField(max_length=40)),
                ("seen", models.BigIntegerField()),
                ("time", models.CharField(max_length=24)),
                ("marked", models.BooleanField(default=False)),
                ("verdict", models.CharField(blank=True, max_length=60)),
                ("why", models.TextField(blank=True)),
                ("form", models.CharField(blank=True, max_length=60)),
                ("acked", models.CharField(blank=True, max_length=24)),
                ("received", models.CharField(max_length=24)),
                ("header", models.BinaryField()),
                ("salt", models.BinaryField(null=True)),
                ("body", models.BinaryField(null=True)),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="entries",
                        to="store.log",
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("size", models.BigIntegerField()),
                ("note", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="checkpoints",
                        to="store.log",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Note",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("text", models.TextField()),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="notes", to="store.caserow"
                    ),
                ),
            ],
            options={
                "ordering": ["-at"],
            },
        ),
        migrations.CreateModel(
            name="Relation",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=80, unique=True)),
                ("me", models.CharField(max_length=8)),
                ("peer", models.CharField(max_length=8)),
                ("hold", models.CharField(blank=True, max_length=60)),
                ("read_only", models.CharField(blank=True, max_length=60)),
                ("compared", models.DateTimeField(null=True)),
                ("heard", models.DateTimeField(null=True)),
                ("peer_skew_ms", models.BigIntegerField(null=True)),
                ("resend", models.BigIntegerField(null=True)),
                ("trouble", models.JSONField(null=True)),
                (
                    "agreement",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.agreementrow"
                    ),
                ),
                (
                    "intake",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to="store.unit",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="log",
            name="relation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="logs", to="store.relation"
            ),
        ),
        migrations.CreateModel(
            name="Fork",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("author", models.CharField(max_length=8)),
                ("size", models.BigIntegerField()),
                ("ours", models.BinaryField()),
                ("theirs", models.BinaryField()),
                ("batch", models.BinaryField()),
                ("at", models.DateTimeField(auto_now_add=True)),
                (
                    "relation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="forks", to="store.relation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Draft",
            fields=[
                (
                    "id",
                    models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False),
                ),
                ("case_name", models.CharField(max_length=40)),
                ("track", models.CharField(max_length=40)),
                ("step", models.CharField(max_length=40)),
                ("body", models.JSONField(default=dict)),
                ("safeguards", models.JSONField(default=dict)),
                ("attachments", models.JSONField(default=list)),
                ("editors", models.JSONField(default=list)),
                ("place", models.PositiveIntegerField(default=0)),
                ("status", models.CharField(db_index=True, default="editing", max_length=10)),
                ("digest", models.CharField(blank=True, max_length=64)),
                ("reason", models.TextField(blank=True)),
                ("leaves_at", models.DateTimeField(db_index=True, null=True)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("updated", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "author",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="store.bundle",
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="drafts",
                        to="store.caserow",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.entry",
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.relation"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="store.unit",
                    ),
                ),
            ],
            options={
                "ordering": ["-updated"],
            },
        ),
        migrations.AddField(
            model_name="caserow",
            name="relation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="store.relation"
            ),
        ),
        migrations.AddField(
            model_name="bundle",
            name="relation",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.relation"
            ),
        ),
        migrations.CreateModel(
            name="BulkRow",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("track", models.CharField(max_length=40)),
                ("digest", models.CharField(max_length=64)),
                ("case_name", models.CharField(max_length=40)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="store.draft",
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.relation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="AttachmentUse",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("case_id", models.CharField(db_index=True, max_length=40)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("ours", models.BooleanField()),
                ("sent", models.DateTimeField(null=True)),
                ("fault", models.CharField(blank=True, max_length=60)),
                (
                    "attachment",
                    models.ForeignKey(
                        db_constraint=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="uses",
                        to="store.attachment",
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="attachment_uses",
                        to="store.entry",
                    ),
                ),
                (
                    "relation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.relation"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="SearchDoc",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("terms", models.TextField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to="store.caserow"
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("index", models.BigIntegerField()),
                ("data", models.BinaryField()),
                (
                    "log",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="tiles",
                        to="store.log",
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Token",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("label", models.CharField(max_length=80)),
                ("hash", models.CharField(editable=False, max_length=64, unique=True)),
                ("scopes", models.JSONField(default=list)),
                ("created", models.DateTimeField(default=django.utils.timezone.now)),
                ("expires", models.DateTimeField()),
                ("revoked", models.DateTimeField(blank=True, null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="tokens",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("sha256", models.CharField(max_length=64)),
                ("size", models.BigIntegerField()),
                ("root", models.CharField(max_length=64)),
                ("have", models.BinaryField(default=bytes)),
                ("state", models.CharField(default="awaited", max_length=8)),
                ("fault", models.CharField(blank=True, max_length=60)),
                ("changed", models.DateTimeField(auto_now=True)),
                (
                    "relation",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="transfers",
                        to="store.relation",
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="caserow",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="cases", to="store.unit"
            ),
        ),
        migrations.AddField(
            model_name="bundle",
            name="unit",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="store.unit"
            ),
        ),
        migrations.CreateModel(
            name="Assignment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                (
                    "by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="assignments",
                        to="store.caserow",
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("case", "officer"), name="assignment_once")],
            },
        ),
        migrations.CreateModel(
            name="Approval",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("digest", models.CharField(max_length=64)),
                ("via", models.CharField(max_length=8)),
                ("at", models.DateTimeField(default=django.utils.timezone.now)),
                ("voided", models.DateTimeField(null=True)),
                (
                    "officer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "bundle",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="store.bundle",
                    ),
                ),
                (
                    "draft",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="approvals",
                        to="store.draft",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("draft__isnull", True), ("bundle__isnull", True), _connector="XOR"
                        ),
                        name="approval_of_one_thing",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("voided", None)),
                        fields=("draft", "officer", "digest"),
                        name="approval_once_per_draft",
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("voided", None)),
                        fields=("bundle", "officer", "digest"),
                        name="approval_once_per_bundle",
                    ),
                ],
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("case_id__isnull", False)), fields=["case_id"], name="entry_case"
            ),
        ),
        migrations.AddConstraint(
            model_name="checkpoint",
            constraint=models.UniqueConstraint(fields=("log", "size"), name="checkpoint_once"),
        ),
        migrations.AddConstraint(
            model_name="log",
            constraint=models.UniqueConstraint(fields=("relation", "author"), name="log_once"),
        ),
        migrations.AddConstraint(
            model_name="bulkrow",
            constraint=models.UniqueConstraint(fields=("relation", "track", "digest"), name="bulk_row_once"),
        ),
        migrations.AddIndex(
            model_name="attachmentuse",
            index=models.Index(
                condition=models.Q(("ours", True), ("sent", None)), fields=["relation"], name="use_unsent"
            ),
        ),
        migrations.AddConstraint(
            model_name="attachmentuse",
            constraint=models.UniqueConstraint(fields=("attachment", "entry"), name="attachment_use_once"),
        ),
        migrations.AddConstraint(
            model_name="tile",
            constraint=models.UniqueConstraint(fields=("log", "level", "index"), name="tile_once"),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.UniqueConstraint(
                fields=("relation", "sha256", "size", "root"), name="transfer_once"
            ),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(
                condition=models.Q(("due_us__isnull", False)), fields=["due_us"], name="case_due_us"
            ),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(
                condition=models.Q(("due_them__isnull", False)), fields=["due_them"], name="case_due_them"
            ),
        ),
        migrations.AddIndex(
            model_name="caserow",
            index=models.Index(fields=["-updated"], name="case_updated"),
        ),
        migrations.RunPython(
            comity.store.database.run_all(comity.store.database.GUARDS),
            comity.store.database.run_all(comity.store.database.UNGUARDS),
        ),
        migrations.RunPython(
            comity.store.database.run_all(comity.store.audit.GUARDS),
            comity.store.database.run_all(comity.store.audit.UNGUARDS),
        ),
        migrations.RunPython(
            comity.store.database.run_all(comity.store.search.INDEXES),
            comity.store.database.run_all(comity.store.search.UNINDEXES),
        ),
    ]
