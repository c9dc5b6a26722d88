"""A running node: Django's settings and addresses, the server, first steps (`init`) and self-examination (`doctor`)."""

from __future__ import annotations

import os

from comity import config


def boot(settings: config.Config | None = None) -> config.Config:
    """Start Django for this process with these settings (or those of environment and file). Returns what is in force.

    Must be the first thing a process does that needs the store; called again it changes nothing.
    """
    import django
    from django.apps import apps

    if not apps.ready:
        if settings is not None:
            config.use(settings)
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "comity.node.settings")
        django.setup()
    return config.current()
