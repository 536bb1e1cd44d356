"""queues.conf: a queue for each service, and the one of every position for calls that nobody took.

Guarded here: members stand in the file, so that phones ring with every process of ours dead and after any
restart of Asterisk (a pause, set when a person signs out, is then gone until the core sets it again: too many
phones ring rather than too few). A service's queue lets its callers go at once when none of its phones could
ring; the overflow queue never does, and its members are never paused.
"""

from __future__ import annotations

from telephony.dialplan_contexts import OVERFLOW_QUEUE, position_interface, service_queue, services_queue
from telephony.trunk.files.ini import Value, file, section
from telephony.trunk.site import Position, Site

RETRY = 1  # seconds between two rounds of ringing
OVERFLOW_RING = 10  # seconds after which the overflow queue chooses phones anew
WEIGHTS = (1, 2)  # of those for whom a step calls more phones, of those for whom everybody is called
NOBODY = "paused,unavailable,invalid"  # a member in one of these states does not count as somebody


def queues_conf(site: Site) -> str:
    """The text of queues.conf."""
    general = {"persistentmembers": "no", "autofill": "yes", "shared_lastcall": "no"}
    parts = [section("general", general)]
    for service in site.services:
        queue = site.queue_of(service.code)
        settings = {
            **_settings(queue.strategy, queue.ring),
            "maxlen": queue.most_waiting,
            "joinempty": NOBODY,
            "leavewhenempty": NOBODY,
        }
        parts.append(_queue(service_queue(service.code), settings, site.positions_of(service.code)))
    parts += _steps(site)
    settings = {
        **_settings("ringall", OVERFLOW_RING),
        "joinempty": "yes",
        "leavewhenempty": "no",
        **({"weight": WEIGHTS[1]} if site.has_steps else {}),
    }
    parts.append(_queue(OVERFLOW_QUEUE, settings, site.positions))
    return file(*parts)


def _steps(site: Site) -> list[str]:
    """A queue for each set of services that steps call together. A phone of several queues rings for those first who
    have waited longer."""
    found: dict[str, str] = {}
    for queue in site.queues:
        for step in queue.steps:
            services = site.called_by(queue, step)
            if len(services) > 1:
                settings: dict[str, Value] = {
                    **_settings(queue.strategy, queue.ring),
                    "joinempty": NOBODY,
                    "leavewhenempty": NOBODY,
                    "weight": WEIGHTS[0],
                }
                name = services_queue(services)
                found.setdefault(name, _queue(name, settings, site.positions_of(*services)))
    return list(found.values())


def _settings(strategy: str, ring: int) -> dict[str, Value]:
    return {
        "strategy": strategy,
        "timeout": ring,
        "retry": RETRY,
        "timeoutpriority": "app",
        "ringinuse": "no",
        "autopause": "no",
        "wrapuptime": 0,
        "maxlen": 0,
        "announce-frequency": 0,
        "periodic-announce-frequency": 0,  # a queue that says something holds an answer up until it is said
        "announce-holdtime": "no",
        "announce-position": "no",
    }


def _queue(name: str, settings: dict[str, Value], positions: tuple[Position, ...]) -> str:
    members = [("member", f"{position_interface(position.id)},0,{position.id}") for position in positions]
    return section(name, [*settings.items(), *members])
