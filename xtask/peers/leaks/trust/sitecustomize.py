"""Has httpx believe one certificate: a client that was told to read nothing of its surroundings reads the list of certifi."""

import os

import certifi

certifi.where = lambda: os.environ["WARD_CERTIFICATE"]
