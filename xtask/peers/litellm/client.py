"""One client for every server: sends the same chat over kept-alive connections and times it.

Reads one JSON command per line from standard input and answers each with one JSON line:
  {"do": "versions", "of": [package]}                      -> {package: version}
  {"do": "ready", "server": S, "within_s": s}              -> {"ready": bool}
  {"do": "chats", "servers": [S], "warm": n, "count": n, "body": text}
                                                           -> {"times_ms": [[ms per chat] per server]}
A server S is {"port": n, "key": text or null, "ca": file or null}; with a ca it is spoken to over TLS. Python's own
library only.
"""

import http.client
import importlib.metadata
import json
import socket
import ssl
import sys
import time

HOST = "localhost"
WAIT_S = 60


class Connection:
    """A connection that stays open. A request is one write."""

    def __init__(self, server):
        plain = socket.create_connection(("127.0.0.1", server["port"]), WAIT_S)
        plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if server["ca"]:
            context = ssl.create_default_context(cafile=server["ca"])
            self.socket = context.wrap_socket(plain, server_hostname=HOST)
        else:
            self.socket = plain

    def exchange(self, request):
        """The status and the body of the reply."""
        self.socket.sendall(request)
        response = http.client.HTTPResponse(self.socket)
        response.begin()
        return response.status, response.read()

    def close(self):
        self.socket.close()


def request(server, method, path, body=""):
    content = body.encode()
    head = f"{method} {path} HTTP/1.1\r\nHost: {HOST}\r\nContent-Type: application/json\r\n"
    if server["key"]:
        head += f"Authorization: Bearer {server['key']}\r\n"
    return f"{head}Content-Length: {len(content)}\r\n\r\n".encode() + content


def versions(command):
    return {package: importlib.metadata.version(package) for package in command["of"]}


def ready(command):
    """Asks for the models until they come: every millisecond at first, then seldom enough to take no part of a core."""
    server = command["server"]
    models = request(server, "GET", "/v1/models")
    began = time.monotonic()
    while (waited := time.monotonic() - began) < command["within_s"]:
        try:
            connection = Connection(server)
            status, _ = connection.exchange(models)
            connection.close()
            if status == 200:
                return {"ready": True}
        except (OSError, http.client.HTTPException):
            pass
        time.sleep(0.001 if waited < 0.2 else 0.02)
    return {"ready": False}


def chats(command):
    """The servers take turns, so that what disturbs the machine disturbs all of them."""
    servers = command["servers"]
    requests = [request(server, "POST", "/v1/chat/completions", command["body"]) for server in servers]
    connections = [Connection(server) for server in servers]
    times = [[] for _ in servers]
    for turn in range(command["warm"] + command["count"]):
        for connection, chat, taken in zip(connections, requests, times):
            began = time.perf_counter()
            status, reply = connection.exchange(chat)
            ended = time.perf_counter()
            if status != 200 or not json.loads(reply)["choices"][0]["message"]["content"]:
                raise RuntimeError(f"turn {turn}: status {status}")
            if turn >= command["warm"]:
                taken.append((ended - began) * 1e3)
    return {"times_ms": times}


COMMANDS = {"versions": versions, "ready": ready, "chats": chats}

for line in sys.stdin:
    command = json.loads(line)
    print(json.dumps(COMMANDS[command["do"]](command)), flush=True)
