"""How much one sender may send, counted in the cache that all processes share."""

import time
from ipaddress import ip_address, ip_network

from django.core.cache import cache
from django.utils.crypto import salted_hmac

#: By kind of sender (address, mailbox …): how many, in how many seconds.
Limits = dict[str, tuple[int, int]]


def seconds_to_wait(*, what: str, limits: Limits, once: str, **senders: str) -> int:
    """0 when this may be sent now, and it is then counted. `once` names the sending: a double click counts as one.

    `senders`: who sends, by each kind that is to be counted.
    """
    known = {kind: neighbourhood(who.lower()) for kind, who in senders.items()}
    return max(take_place(f"{what} {kind} {who}", limits[kind], once) for kind, who in known.items())


def take_place(sender: str, limit: tuple[int, int], once: str) -> int:
    """Each sender has a number of places, each free again when its time is over: `add` fills only a free one."""
    places, seconds = limit
    digest = salted_hmac("limit", sender).hexdigest()  # the cache learns nobody's address
    keys = [f"limit:{digest}:{place}" for place in range(places)]
    free_at = time.time() + seconds
    held = cache.get_many(keys)
    if is_among(once, held) or any(cache.add(key, (once, free_at), seconds) for key in keys if key not in held):
        return 0
    held = cache.get_many(keys)
    if is_among(once, held):
        return 0
    return max(1, round(min((until for _once, until in held.values()), default=free_at) - time.time()))


def is_among(once: str, held: dict) -> bool:
    return any(holder == once for holder, _until in held.values())


def neighbourhood(address: str) -> str:
    """Of an IPv6 address the network, since one household owns all of its addresses; anything else as it is."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network((address, 64), strict=False)) if version == 6 else address
