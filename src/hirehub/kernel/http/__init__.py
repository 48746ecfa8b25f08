"""HTTP for a process: one application out of many mounts, served inside an event loop that is already there.

Every failure is a problem document (RFC 9457), every answer has its request's id, and every request has bounds.
"""

from hirehub.kernel.http.app import HttpApp, create_app
from hirehub.kernel.http.problems import BodyTooLarge, BodyTooSlow, RequestTimeout, problem_of
from hirehub.kernel.http.server import HttpPortTaken, HttpServer, serve

__all__ = [
    "BodyTooLarge",
    "BodyTooSlow",
    "HttpApp",
    "HttpPortTaken",
    "HttpServer",
    "RequestTimeout",
    "create_app",
    "problem_of",
    "serve",
]
