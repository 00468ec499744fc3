"""The container's health check: exit code 0 when the web server answers /healthz.

It asks under a host name the server answers to, as any other is refused.
"""

import os
import sys
import urllib.request

SECONDS = 4


def own_host(allowed: str) -> str:
    """A host name out of ALLOWED_HOSTS: `.example.org` allows example.org itself, `*` anything."""
    first = allowed.split(",")[0].strip().removeprefix(".")
    return first if first and first != "*" else "localhost"


def main(address: str = "http://127.0.0.1:8000/healthz") -> int:
    asked = urllib.request.Request(address, headers={"Host": own_host(os.environ.get("ALLOWED_HOSTS", ""))})  # noqa: S310 - our own http
    try:
        with urllib.request.urlopen(asked, timeout=SECONDS) as answer:  # noqa: S310 - our own http
            return 0 if answer.status == 200 else 1
    except OSError as cause:
        sys.stderr.write(f"{address}: {cause}\n")
        return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
