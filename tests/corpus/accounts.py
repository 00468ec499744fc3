"""A person with an account, speaking HTTP over one kept connection: forms with the session, the API with a token."""

import json
import re
from http.client import HTTPConnection, HTTPResponse
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

PASSWORD = "quoth 47 damp badgers"


class Unexpected(AssertionError):
    """The server answered with another status than the test counts on."""


class Account:
    """Signs up as anybody would, makes a token on the account page, and uses it from then on."""

    def __init__(self, address: str, name: str) -> None:
        """`address`: the server's, for example "http://127.0.0.1:8000"."""
        place = urlsplit(address)
        self.name, self.email = name, f"{name.lower().replace(' ', '.')}@example.org"
        self._connection = HTTPConnection(place.hostname, place.port, timeout=60)
        self._cookies: dict[str, str] = {}
        self.requests = 0
        self.submit("/accounts/signup/", {"email": self.email, "name": name, "password1": PASSWORD}, expect=302)
        made = self.submit("/account/", {"change": "token", "name": "Replay", "token-name": "Replay"})
        self._token = re.search(r'id="new-token">([^<]+)<', made).group(1)

    def close(self) -> None:
        self._connection.close()

    def get(self, path: str, **query: Any) -> Any:
        """What the API answers at /api/v1/<path>."""
        return json.loads(self._api("GET", f"{path}?{urlencode(query)}" if query else path))

    def post(self, path: str, body: dict[str, Any] | None = None, *, expect: int | tuple[int, ...] = (200, 201, 202, 204)) -> Any:
        written = json.dumps(body or {}).encode()
        answer = self._api("POST", path, written, {"Content-Type": "application/json"}, expect=expect)
        return json.loads(answer) if answer else None

    def upload(self, path: str, fields: dict[str, str], filename: str, content: bytes) -> Any:
        """A multipart form with one file under the name `files`."""
        line = uuid4().hex
        parts = [f'--{line}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
        opening = f'--{line}\r\nContent-Disposition: form-data; name="files"; filename="{filename}"\r\nContent-Type: text/csv\r\n\r\n'
        body = b"".join([*parts, opening.encode(), content, f"\r\n--{line}--\r\n".encode()])
        return json.loads(self._api("POST", path, body, {"Content-Type": f"multipart/form-data; boundary={line}"}, expect=(200, 201, 202)))

    def every(self, path: str, **query: Any) -> list[Any]:
        """All results of a list, page after page."""
        found: list[Any] = []
        page = self.get(path, **query)
        while page["next"]:
            found += page["results"]
            page = self.get(path, **query, cursor=page["next"])
        return found + page["results"]

    def page(self, path: str) -> str:
        """A page (or a file) as the browser gets it, with the session."""
        return self._send("GET", path, headers=self._session()).decode()

    def submit(self, path: str, form: dict[str, str], *, expect: int | tuple[int, ...] = 200) -> str:
        """Open a page, then send its form as the browser would, with its CSRF token."""
        token = re.search(r'name="csrfmiddlewaretoken" value="(\w+)"', self.page(path)).group(1)
        body = urlencode({"csrfmiddlewaretoken": token, **form}).encode()
        headers = {**self._session(), "Content-Type": "application/x-www-form-urlencoded"}
        return self._send("POST", path, body, headers, expect=expect).decode()

    def _session(self) -> dict[str, str]:
        return {"Cookie": "; ".join(f"{name}={value}" for name, value in self._cookies.items())}

    def _api(self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, **more: Any) -> bytes:
        return self._send(method, f"/api/v1/{path}", body, {"Authorization": f"Bearer {self._token}", **(headers or {})}, **more)

    def _send(
        self, method: str, path: str, body: bytes | None = None, headers: dict[str, str] | None = None, *,
        expect: int | tuple[int, ...] = 200,
    ) -> bytes:  # fmt: skip
        self._connection.request(method, path, body, headers or {})
        answer = self._connection.getresponse()
        text = answer.read()
        self.requests += 1
        self._keep_cookies(answer)
        if answer.status not in (expect if isinstance(expect, tuple) else (expect,)):
            words = re.sub(r"\s*<[^>]*>\s*", " ", text.decode(errors="replace"))
            raise Unexpected(f"{method} {path}: {answer.status}, not {expect}\n{' '.join(words.split())[:2000]}")
        return text

    def _keep_cookies(self, answer: HTTPResponse) -> None:
        for header in answer.headers.get_all("Set-Cookie") or []:
            for name, cookie in SimpleCookie(header).items():
                self._cookies[name] = cookie.value
