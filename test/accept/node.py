"""A lifang of its own for a test: temporary folder, free ports, killed at the end; and what is asked of it."""
import http.client
import json
import os
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.parse

PASSWORD = "acceptance-only-1"
SECRET = "acceptance-secret"


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


class Node:
    def __init__(self, program):
        self.program = program
        self.folder = tempfile.mkdtemp(prefix="lifang-accept-")
        self.http, self.mqtt = free_port(), free_port()
        self.process = self.token = None
        self.log = open(os.path.join(self.folder, "server.log"), "ab")

    def __enter__(self):
        try:
            self.start()
            self.sign_in()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.kill()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def start(self):
        self.process = subprocess.Popen(
            [self.program, "serve", "--data", os.path.join(self.folder, "data"), "--http", f"127.0.0.1:{self.http}",
             "--mqtt", f"127.0.0.1:{self.mqtt}"],
            env=dict(os.environ, LIFANG_ADMIN_PASSWORD=PASSWORD), stdout=self.log, stderr=self.log)
        until = time.monotonic() + 60
        while True:
            try:
                connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=5)
                connection.request("GET", "/readyz")
                if connection.getresponse().status == 200:
                    return
            except OSError:
                pass
            if self.process.poll() is not None or time.monotonic() > until:
                raise SystemExit(f"the server did not start, see {self.log.name}")
            time.sleep(0.1)

    def sign_in(self):
        """The first account is made a moment after the port opens."""
        for attempt in range(10):
            connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=60)
            connection.request("POST", "/api/v1/sessions", json.dumps({"login": "admin", "password": PASSWORD}))
            response = connection.getresponse()
            answer = json.loads(response.read())
            if response.status < 300:
                self.token = answer["token"]
                return
            time.sleep(0.5 * (attempt + 1))
        raise SystemExit(f"admin cannot sign in: {answer}")

    def kill(self):
        """kill -9, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def ask(self, method, path, body=None, **query):
        """The JSON answer. A status of 400 and more ends the run: no check expects one."""
        headers = {"Authorization": "Bearer " + self.token} if self.token else {}
        if query:
            path += "?" + urllib.parse.urlencode({k.rstrip("_"): v for k, v in query.items()})
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=300)
        connection.request(method, "/api/v1/" + path, json.dumps(body) if body is not None else "", headers)
        response = connection.getresponse()
        text = response.read().decode()
        if response.status >= 400:
            raise SystemExit(f"{method} {path}: {response.status} {text}")
        return json.loads(text) if text else None

    def content(self, file):
        """Status, media type and bytes of a file, as whoever is signed in gets them."""
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=60)
        connection.request("GET", f"/api/v1/files/{file}/content", headers={"Authorization": "Bearer " + self.token})
        response = connection.getresponse()
        return response.status, response.getheader("Content-Type"), response.read()

    def all(self, path, **query):
        """Every item of a list, page by page."""
        query["limit"] = 500
        while True:
            page = self.ask("GET", path, **query)
            yield from page["items"]
            if not page.get("next"):
                return
            query["after"] = page["next"]

    def count(self, **query):
        return self.ask("GET", "situations", count="true", limit=1, **query)["count"]

    def device(self, name, profile, **words):
        self.ask("PUT", f"devices/{name}", {"profile": profile, "place": "city", "secret": SECRET, **words})

    def rule(self, name, words):
        self.ask("PUT", f"rules/{name}", words)
        self.ask("POST", f"rules/{name}/activate")

    def replay(self, csv, time_column, device, values, *more):
        """A running `lifang replay`."""
        words = [self.program, "replay", "--csv", csv, "--time", time_column, "--device", device, "--secret", SECRET,
                 "--mqtt", f"127.0.0.1:{self.mqtt}", *more]
        for metric, column in values.items():
            words += ["--value", f"{metric}={column}"]
        return subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    def settled(self, ask, patience=20):
        """The answer once it has not changed for a second: hearers come after what they hear."""
        until, last = time.monotonic() + patience, ask()
        while time.monotonic() < until:
            time.sleep(1)
            now = ask()
            if now == last:
                break
            last = now
        return last
