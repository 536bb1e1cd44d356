"""The door of the HTTPS side: from a request to the handler of its subject, and every failure to an answer."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable

from twisted.web.resource import Resource
from twisted.web.server import NOT_DONE_YET, Request

from dispatch_core.domain.errors import DispatchError
from dispatch_core.runtime.desk import SignInRefused
from dispatch_core.runtime.http.answers import (
    Answer,
    Handler,
    HttpRefusal,
    Subject,
    json_answer,
    path_of,
    problem_answer,
)

log = logging.getLogger(__name__)


class ApiResource(Resource):
    """Routes requests to the subjects and turns every failure into an answer."""

    isLeaf = True

    def __init__(self, *subjects: Subject) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self._exact: dict[tuple[str, str], Handler] = {}
        self._below: dict[tuple[str, str], Handler] = {}
        for subject in subjects:
            for (method, path), handler in subject.routes().items():
                known = self._below if path.endswith("/") else self._exact
                if (method, path) in known:
                    raise ValueError(f"two handlers for {method} {path}")
                known[method, path] = handler

    def render(self, request: Request) -> int:
        task = asyncio.ensure_future(self._serve(request))
        gone = request.notifyFinish()
        gone.addErrback(lambda _: task.cancel())
        return NOT_DONE_YET

    async def _serve(self, request: Request) -> None:
        try:
            status, data, kind = await self._answer(request)
        except (HttpRefusal, SignInRefused) as problem:
            status, data, kind = problem_answer(problem.status, problem)
        except DispatchError as problem:  # a server of ours does not answer
            log.error("request %s: %s", request.path, problem)
            status, data, kind = problem_answer(503, problem)
        except asyncio.CancelledError:
            return
        except Exception:  # noqa: BLE001  (the last door: a bug answers 500 and is seen in the log)
            log.exception("request %s", request.path)
            status, data, kind = json_answer({"code": "internal", "vi": "Lỗi máy chủ.", "en": "Server error."}, 500)
        request.setResponseCode(status)
        request.setHeader(b"content-type", kind.encode())
        request.setHeader(b"cache-control", b"no-store")
        request.write(data)
        request.finish()

    def _answer(self, request: Request) -> Awaitable[Answer]:
        method, path = request.method.decode(), path_of(request)
        handler = self._exact.get((method, path))
        if handler is None:
            below = ((at, one) for (how, at), one in self._below.items() if how == method and path.startswith(at))
            handler = max(below, key=lambda found: len(found[0]), default=("", None))[1]
        if handler is None:
            raise HttpRefusal(404, "unknown_path", f"Không có {path[:80]}.", f"There is no {path[:80]}.")
        return handler(request)
