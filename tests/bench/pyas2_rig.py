"""django-pyas2 as its documentation sets it up: two organisations, each with its own database, on the loopback address.

Border: runs in a virtual environment of its own (requirements/bench-pyas2.txt) and imports nothing of comity. The
parent (as2.py) talks to it by its arguments and one line of JSON on standard output.

    python pyas2_rig.py serve HOME NAME PEER PORT PEER_PORT KEYS       receive until ended
    python pyas2_rig.py send  HOME NAME PEER PORT PEER_PORT KEYS SECONDS THREADS BYTES

What is measured is one message signed (RSA-2048, SHA-256) and encrypted (AES-256-CBC), stored by both sides, and
answered in the same request by a signed receipt (synchronous MDN) that the sender verifies and stores: what
`sendas2message` does, in a loop. SQLite is set as comity sets it: WAL and synchronous=FULL.
"""

from __future__ import annotations

import json
import re
import sys
import threading
import time
from pathlib import Path
from typing import Any


def mend_oscrypto() -> None:
    """Let oscrypto 1.3.0, which django-pyas2 pins, start with OpenSSL 3.0.10 and later.

    Its pattern for the version takes one digit a part; nothing else of it is wrong. The pattern is widened while the
    module is imported and is as it was afterwards.
    """
    narrow, search = r"\b(\d\.\d\.\d[a-z]*)\b", re.search

    def wide(pattern: Any, text: str, flags: int = 0) -> Any:
        return search(r"\b(\d\.\d\.\d+[a-z]*)\b" if pattern == narrow else pattern, text, flags)

    re.search = wide  # type: ignore[assignment]  # put back three lines below
    try:
        import oscrypto._openssl._libcrypto_cffi  # noqa: F401
    finally:
        re.search = search


def configure(home: Path) -> None:
    """Django's settings for one organisation, and its tables."""
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="for this measurement only",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF="pyas2_rig",
        MEDIA_ROOT=str(home / "files"),
        USE_TZ=True,
        DEFAULT_AUTO_FIELD="django.db.models.AutoField",
        INSTALLED_APPS=["django.contrib.auth", "django.contrib.contenttypes", "pyas2"],
        LOGGING={"version": 1, "disable_existing_loggers": True},
        DATABASES={
            "default": {
                "ENGINE": "django.db.backends.sqlite3",
                "NAME": str(home / "as2.sqlite3"),
                "CONN_MAX_AGE": None,
                "OPTIONS": {"timeout": 30, "transaction_mode": "IMMEDIATE"},
            }
        },
    )
    django.setup()
    from django.core.management import call_command
    from django.db.backends.signals import connection_created

    def pragmas(connection: Any, **_: Any) -> None:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA journal_mode=WAL")
            cursor.execute("PRAGMA synchronous=FULL")

    connection_created.connect(pragmas, weak=False)
    call_command("migrate", verbosity=0)


def make_keys(folder: Path, names: tuple[str, str]) -> None:
    """One RSA-2048 key and self-signed certificate for each organisation: NAME.pem (both) and NAME.crt."""
    import datetime

    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import rsa
    from cryptography.x509.oid import NameOID

    folder.mkdir(parents=True, exist_ok=True)
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    for name in names:
        key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
        certificate = (
            x509.CertificateBuilder()
            .subject_name(subject)
            .issuer_name(subject)
            .public_key(key.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=30))
            .sign(key, hashes.SHA256())
        )
        # Without a passphrase: deriving a key from one for every message would only make AS2 look slower.
        private = key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
        public = certificate.public_bytes(serialization.Encoding.PEM)
        (folder / f"{name}.pem").write_bytes(private + public)
        (folder / f"{name}.crt").write_bytes(public)


def introduce(name: str, peer: str, peer_port: int, keys: Path) -> None:
    """Write this organisation and its partner into the database."""
    from pyas2.models import Organization, Partner, PrivateKey, PublicCertificate

    key = PrivateKey.objects.create(name=name, key=(keys / f"{name}.pem").read_bytes(), key_pass="")
    certificate = PublicCertificate.objects.create(
        name=peer, certificate=(keys / f"{peer}.crt").read_bytes(), verify_cert=False
    )
    Organization.objects.create(name=name, as2_name=name, encryption_key=key, signature_key=key)
    Partner.objects.create(
        name=peer,
        as2_name=peer,
        target_url=f"http://127.0.0.1:{peer_port}/pyas2/as2receive",
        content_type="application/octet-stream",
        encryption="aes_256_cbc",
        encryption_cert=certificate,
        signature="sha256",
        signature_cert=certificate,
        mdn=True,
        mdn_mode="SYNC",
        mdn_sign="sha256",
    )


def serve(port: int) -> None:
    """Receive messages until the process is ended."""
    from django.core.wsgi import get_wsgi_application
    from waitress import serve as run

    run(get_wsgi_application(), host="127.0.0.1", port=port, threads=4, _quiet=True)


def send_one(organization: Any, partner: Any, payload: bytes) -> bool:
    """Send one message as `sendas2message` does; whether a signed receipt said `processed`."""
    from pyas2.models import Message
    from pyas2lib import Message as As2Message

    outgoing = As2Message(sender=organization.as2org, receiver=partner.as2partner)
    outgoing.build(
        payload,
        filename="entry.json",
        subject=partner.subject,
        content_type=partner.content_type,
        disposition_notification_to="no-reply@example.org",
    )
    message, _ = Message.objects.create_from_as2message(
        as2message=outgoing, payload=payload, filename="entry.json", direction="OUT", status="P"
    )
    message.send_message(outgoing.headers, outgoing.content)
    return bool(message.status == "S" and message.mdn.signed)


def send(name: str, peer: str, seconds: float, threads: int, size: int) -> dict[str, Any]:
    """Send as many messages as fit into `seconds` from `threads` senders; {"sent", "failed", "seconds"}."""
    from pyas2.models import Organization, Partner

    def pair() -> tuple[Any, Any]:
        return Organization.objects.get(as2_name=name), Partner.objects.get(as2_name=peer)

    payload = b"x" * size
    if not send_one(*pair(), payload):
        raise SystemExit("django-pyas2 did not confirm the first message")
    counts = {"sent": 0, "failed": 0}
    lock, end = threading.Lock(), time.monotonic() + seconds

    def work() -> None:
        organization, partner = pair()
        while time.monotonic() < end:
            good = send_one(organization, partner, payload)
            with lock:
                counts["sent" if good else "failed"] += 1

    begun = time.monotonic()
    workers = [threading.Thread(target=work) for _ in range(threads)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return {**counts, "seconds": time.monotonic() - begun}


def main(arguments: list[str]) -> None:
    role, home, name, peer, port, peer_port, keys, *rest = arguments
    mend_oscrypto()
    configure(Path(home))
    introduce(name, peer, int(peer_port), Path(keys))
    if role == "serve":
        serve(int(port))
    else:
        seconds, threads, size = rest
        print(json.dumps(send(name, peer, float(seconds), int(threads), int(size))))


if __name__ == "__main__":
    if sys.argv[1] == "keys":
        make_keys(Path(sys.argv[2]), (sys.argv[3], sys.argv[4]))
    else:
        main(sys.argv[1:])
else:
    # Imported by Django as the table of addresses (ROOT_URLCONF) of a process that is already set up.
    from django.urls import include, path

    urlpatterns = [path("pyas2/", include("pyas2.urls"))]
