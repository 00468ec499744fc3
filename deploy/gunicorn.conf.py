"""The web server in production. Sizes come from the environment; the rest is the same everywhere."""

import ctypes
import gc
import os
from contextlib import suppress
from typing import Any

bind = "0.0.0.0:8000"
workers = int(os.environ.get("WEB_WORKERS", "3"))
threads = int(os.environ.get("WEB_THREADS", "4"))
worker_class = "config.serving.Worker"
timeout = 120  # an upload of the largest permitted file over a slow line
graceful_timeout = 30
keepalive = 65  # longer than the proxy's, so that it never writes to a connection just closed here
max_requests = 5000
max_requests_jitter = 500
worker_tmp_dir = "/dev/shm"  # noqa: S108 - heartbeats in memory: on disk they stall with it
control_socket_disable = True  # its place would be the home folder, which is read-only
forwarded_allow_ips = "*"  # nobody but the proxy reaches this port
accesslog = None  # the proxy writes it, leaving out the links that are keys


def keep_memory() -> None:
    """Have the C library keep what it was given: twenty abstracts fetched and freed were given back and asked for anew with
    each decision, and a page that comes anew costs more than reading a row. At most so much is kept for each thread.
    """
    trim_threshold, top_pad, mmap_threshold = -1, -2, -3  # malloc.h of glibc; another library has no such call, or ignores them
    with suppress(OSError, AttributeError):
        mallopt = ctypes.CDLL(None).mallopt
        for what, size in ((trim_threshold, 16 << 20), (top_pad, 1 << 20), (mmap_threshold, 4 << 20)):
            mallopt(what, size)


def post_worker_init(worker: Any) -> None:
    """Before the first request: load what it would load, and let Python look for cycles among new things alone, seldom.

    A walk through all that was loaded at the start finds nothing and makes whoever asks at that moment wait.
    """
    from django.urls import resolve

    keep_memory()
    resolve("/healthz")
    gc.collect()
    gc.freeze()
    gc.set_threshold(25_000, 10, 20)
