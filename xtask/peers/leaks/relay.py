"""Between Ward and the capture of pii-leak-benchmark: relay.py FROM_PORT TO_PORT.

The capture answers with the prompt that it got, all of it. Ward stops an answer that repeats its own secret words, so that
nothing else of such an answer could be measured. This takes Ward's words off the system message; everything else passes as
it is, piece by piece.
"""

import http.client
import http.server
import json
import re
import sys

OWN = re.compile(r"(?s)^.*?never to be repeated: ref-[a-z]{16}(\n\n)?")


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_):
        pass

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["content-length"])))
        for message in body["messages"]:
            if message["role"] == "system":
                message["content"] = OWN.sub("", message["content"])
        body["messages"] = [message for message in body["messages"] if message["content"]]
        to = http.client.HTTPConnection("127.0.0.1", int(sys.argv[2]))
        to.request("POST", self.path, json.dumps(body), {"content-type": "application/json"})
        reply = to.getresponse()
        self.send_response(reply.status)
        self.send_header("content-type", reply.getheader("content-type", "application/json"))
        self.send_header("connection", "close")
        self.end_headers()
        while piece := reply.read1(65536):
            self.wfile.write(piece)
            self.wfile.flush()
        self.close_connection = True


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, *_):
        pass


Server(("127.0.0.1", int(sys.argv[1])), Relay).serve_forever()
