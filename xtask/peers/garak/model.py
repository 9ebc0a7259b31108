"""llama.cpp's server with one model: model.py FILE PORT. One thread, one request at a time, so that runs can be told apart."""

import sys
import time

import xllamacpp

parameters = xllamacpp.CommonParams()
parameters.model.path = sys.argv[1]
parameters.port = int(sys.argv[2])
parameters.n_ctx = 8192
parameters.n_parallel = 1
parameters.cpuparams.n_threads = 1
parameters.cpuparams_batch.n_threads = 1
server = xllamacpp.Server(parameters)
print(f"ready at {server.listening_address}", flush=True)
while True:
    time.sleep(60)
