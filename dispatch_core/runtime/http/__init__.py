"""The core's HTTPS side. Every refusal has a code and a sentence in both languages; a subject brings its own routes."""

from __future__ import annotations

from dispatch_core.runtime.http.answers import Answer, Handler, HttpRefusal, Subject
from dispatch_core.runtime.http.api import Api
from dispatch_core.runtime.http.resource import ApiResource

__all__ = ["Answer", "Api", "ApiResource", "Handler", "HttpRefusal", "Subject"]
