"""How much one address and one mailbox may send, counted in the cache that all processes share."""

import time
from ipaddress import ip_address, ip_network

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac


def seconds_to_wait(*, address: str, mailbox: str, once: str, what: str = "inquiry") -> int:
    """0 when this may be sent now, and it is then counted. `once` names the sending: a double click counts as one."""
    limits = settings.INQUIRY_LIMITS if what == "inquiry" else settings.FOLLOW_LIMITS
    senders = {"address": neighbourhood(address), "mailbox": mailbox.lower()}
    return max(take_place(f"{what} {kind} {who}", limits[kind], once) for kind, who in senders.items())


def take_place(sender: str, limit: tuple[int, int], once: str) -> int:
    """Each sender has a number of places, each free again when its time is over: `add` fills only a free one."""
    places, seconds = limit
    digest = salted_hmac("inquiry limit", sender).hexdigest()  # the cache learns nobody's address
    keys = [f"inquiry:{digest}:{place}" for place in range(places)]
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
    """An IPv4 address; of an IPv6 address the network, since one household owns all of its addresses."""
    try:
        version = ip_address(address).version
    except ValueError:
        return address
    return str(ip_network((address, 64), strict=False)) if version == 6 else address
