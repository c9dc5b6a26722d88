"""The WSGI application, for waitress (`comity run`) or any other server."""

from django.core.wsgi import get_wsgi_application

from comity.node import boot

boot()
application = get_wsgi_application()
