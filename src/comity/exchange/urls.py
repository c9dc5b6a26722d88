"""Addresses of the exchange and of the node's health."""

from django.urls import path, re_path

from comity.exchange import views

urlpatterns = [
    path("exchange", views.exchange, name="exchange"),
    path("exchange/chunk", views.chunk, name="exchange-chunk"),
    re_path(r"^exchange/chunks/(?P<sha256>[0-9a-f]{64})$", views.chunks, name="exchange-chunks"),
    path("exchange/want", views.want, name="exchange-want"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("metrics", views.figures, name="metrics"),
]
