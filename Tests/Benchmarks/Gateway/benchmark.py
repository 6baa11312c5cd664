"""What gateways add to a request, on one machine, over loopback, with one mock behind them all.

The mock is nginx with canned answers. Each proxy runs alone, in random order, round by round; wrk asks 1, 16 and 64
connections with bodies of 1 KB and 32 KB, whole and streamed. What is reported is the latency less that of asking the mock
directly, the median of the rounds, and memory and start time beside it.
"""

import argparse
import json
import os
import platform
import random
import re
import signal
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request

MOCK, STREAM = 19000, 19001
USAGE = '"usage":{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30}'
WHOLE = ('{"id":"c","object":"chat.completion","created":1,"model":"mock","choices":[{"index":0,"message":{"role":"assistant",'
         '"content":"' + "word " * 20 + '"},"finish_reason":"stop"}],' + USAGE + "}")
CHUNK = '{"id":"c","object":"chat.completion.chunk","created":1,"model":"mock","choices":[{"index":0,"delta":%s,"finish_reason":%s}]}'
EVENTS = "".join(f"data: {event}\n\n" for event in [
    CHUNK % ('{"role":"assistant","content":""}', "null"), *[CHUNK % ('{"content":"word "}', "null")] * 20,
    CHUNK % ("{}", '"stop"'),
    '{"id":"c","object":"chat.completion.chunk","created":1,"model":"mock","choices":[],' + USAGE + "}", "[DONE]"])

NGINX = """
daemon off; worker_processes 1; error_log /dev/null; pid %(dir)s/%(name)s.pid;
events { worker_connections 4096; }
http { access_log off; keepalive_requests 100000000; client_body_buffer_size 64k; client_max_body_size 2m;
  client_body_temp_path %(dir)s/%(name)s-body; proxy_temp_path %(dir)s/%(name)s-proxy;
  fastcgi_temp_path %(dir)s/f; uwsgi_temp_path %(dir)s/u; scgi_temp_path %(dir)s/s;
%(servers)s }
"""


class Proxy:
    """A proxy that can be started, asked and stopped."""

    def __init__(self, name, port, stream_port, command, environment=None, model="mock", stream_command=None):
        self.name, self.port, self.stream_port, self.model = name, port, stream_port, model
        self.commands = [c for c in (command, stream_command) if c]
        self.environment = {**os.environ, **(environment or {})}
        self.processes = []

    def start(self):
        for port in filter(None, (self.port, self.stream_port)):
            with socket.socket() as probe:
                # A proxy that an earlier run left would answer in this one's place.
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    sys.exit(f"port {port}: expected to be free for {self.name}, found a server; end it first")
        begin = time.perf_counter()
        for command in self.commands:
            log = open(f"{WORK}/{self.name}.log", "ab")
            self.processes.append(subprocess.Popen(command, env=self.environment, stdout=log, stderr=log,
                                                   start_new_session=True))
        body = payload(64, False, self.model)
        while True:
            try:
                request = urllib.request.Request(f"http://127.0.0.1:{self.port}/v1/chat/completions", body,
                                                 {"content-type": "application/json", "authorization": "Bearer sk-x"})
                urllib.request.urlopen(request, timeout=5).read()
                return time.perf_counter() - begin
            except OSError:
                if time.perf_counter() - begin > 90:
                    sys.exit(f"{self.name} does not answer; see {WORK}/{self.name}.log")
                time.sleep(0.002)

    def memory_mib(self):
        total = 0
        for pid in descendants([p.pid for p in self.processes]):
            try:
                text = open(f"/proc/{pid}/status").read()
                total += int(re.search(r"VmRSS:\s+(\d+)", text)[1])
            except (OSError, TypeError):
                pass
        return total / 1024 / len(self.processes)

    def stop(self):
        for process in self.processes:
            try:
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(20)
            except (ProcessLookupError, subprocess.TimeoutExpired):
                os.killpg(process.pid, signal.SIGKILL)
        self.processes = []


def descendants(pids):
    found = list(pids)
    for pid in os.listdir("/proc"):
        if pid.isdigit():
            try:
                parent = int(open(f"/proc/{pid}/stat").read().rsplit(")", 1)[1].split()[1])
            except OSError:
                continue
            if parent in found:
                found.append(int(pid))
    return found


def payload(size, stream, model):
    base = {"model": model, "stream": stream, "messages": [{"role": "user", "content": ""}]}
    words = "Sum up the report for the board in five lines and name every figure that changed since spring. "
    base["messages"][0]["content"] = (words * (size // len(words) + 1))[:max(1, size - len(json.dumps(base)))]
    return json.dumps(base).encode()


def wrk(port, connections, body, seconds):
    script = f"{WORK}/post.lua"
    with open(script, "w") as file:
        file.write('wrk.method = "POST"\nwrk.headers["content-type"] = "application/json"\n'
                   'wrk.headers["authorization"] = "Bearer sk-x"\nwrk.body = [==[' + body.decode() + ']==]\n'
                   'done = function(s, l, r) io.write(string.format("P %f %f %d %d\\n", l:percentile(50), '
                   'l:percentile(99), s.requests, s.errors.status + s.errors.read + s.errors.timeout)) end\n')
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script,
                          f"http://127.0.0.1:{port}/v1/chat/completions"], capture_output=True, text=True, check=True).stdout
    p50, p99, requests, errors = re.search(r"P (\S+) (\S+) (\d+) (\d+)", out).groups()
    return float(p50) / 1000, float(p99) / 1000, int(requests) / seconds, int(errors)


def write(name, text):
    path = f"{WORK}/{name}"
    with open(path, "w") as file:
        file.write(text)
    return path


def server(port, body, kind):
    return (f"server {{ listen 127.0.0.1:{port} backlog=4096; location / {{ default_type {kind}; "
            f"return 200 '{body}'; }} }}")


def ockham_proxy(name, port, gateway, config):
    return Proxy(name, port, port + 1, [gateway, "--config", config(port, MOCK), "--log-level", "error"], model="auto",
                 stream_command=[gateway, "--config", config(port + 1, STREAM), "--log-level", "error"])


def proxies(gateway, beside):
    mock = NGINX % {"dir": WORK, "name": "mock",
                    "servers": server(MOCK, WHOLE, "application/json") + server(STREAM, EVENTS, "text/event-stream")}
    forward = NGINX % {"dir": WORK, "name": "forward", "servers": "".join(
        f"upstream u{p} {{ server 127.0.0.1:{p}; keepalive 128; }} server {{ listen 127.0.0.1:{p + 10} backlog=4096; "
        f"location / {{ proxy_pass http://u{p}; proxy_http_version 1.1; proxy_set_header Connection ''; "
        "proxy_buffering off; }} }" for p in (MOCK, STREAM)).replace("{{", "{").replace("}}", "}")}
    def ockham(port, upstream):
        return write(f"ockham{port}.yaml", f"""
listen: 127.0.0.1:{port}
providers:
  mock: {{kind: openai, base_url: "http://127.0.0.1:{upstream}/v1"}}
tiers:
  - {{name: small, targets: [{{provider: mock, model: mock}}]}}
  - {{name: mid, targets: [{{provider: mock, model: mock, name: mid-mock}}]}}
  - {{name: frontier, targets: [{{provider: mock, model: mock, name: large-mock}}]}}
telemetry: {{path: {WORK}/gateway{port}.sqlite}}
""")
    def litellm(port, upstream):
        return write(f"litellm{port}.yaml", f"""
model_list:
  - model_name: mock
    litellm_params: {{model: openai/mock, api_base: "http://127.0.0.1:{upstream}/v1", api_key: sk-x}}
litellm_settings: {{num_retries: 0, telemetry: false}}
""")
    def switchyard(port, upstream):
        config = write(f"switchyard{port}.toml", f"""
schema_version = 1

[llm_clients.mock]
format = "openai_chat"
base_url = "http://127.0.0.1:{upstream}/v1"
api_key_env = "MOCK_KEY"

[targets.mock]
id = "mock"
llm_client = "mock"

[routes.mock]
id = "mock"
type = "passthrough"
target = "mock"
""")
        return write(f"switchyard{port}.py", "import signal\nfrom switchyard_rust.server import Server\n"
                     f"server = Server({config!r}, port={port})\nsignal.pause()\n")
    quiet = {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_TELEMETRY": "False", "MOCK_KEY": "sk-x",
             "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY": "true"}
    lite = [f"{os.path.dirname(sys.executable)}/litellm", "--num_workers", "1"]
    return [
        Proxy("direct", MOCK, STREAM, ["nginx", "-c", write("mock.conf", mock)]),
        Proxy("nginx", MOCK + 10, STREAM + 10, ["nginx", "-c", write("forward.conf", forward)]),
        ockham_proxy("Ockham", 19020, gateway, ockham),
        Proxy("switchyard", 19030, 19031, [sys.executable, switchyard(19030, MOCK)], quiet,
              stream_command=[sys.executable, switchyard(19031, STREAM)]),
        Proxy("LiteLLM", 19040, 19041, lite + ["--config", litellm(19040, MOCK), "--port", "19040"], quiet,
              stream_command=lite + ["--config", litellm(19041, STREAM), "--port", "19041"]),
    ] + [ockham_proxy(name, 19050 + 10 * place, os.path.abspath(path), ockham)
         for place, (name, path) in enumerate(pair.split("=", 1) for pair in beside)]


def main():
    global WORK
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", nargs="?", default=".build/release/ockham-gateway")
    parser.add_argument("--output")
    parser.add_argument("--seconds", type=int, default=3)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--beside", nargs="*", default=[], metavar="NAME=GATEWAY", help="other builds of the gateway, in the same rounds")
    options = parser.parse_args()
    for path in [options.gateway] + [pair.split("=", 1)[-1] for pair in options.beside]:
        if not os.access(path, os.X_OK):
            parser.error(f"{path}: expected a build of the gateway, found none; swift build -c release --product ockham-gateway")
    for pair in options.beside:
        if "=" not in pair:
            parser.error(f"--beside {pair}: expected NAME=GATEWAY, found no name")
    WORK = tempfile.mkdtemp()
    os.chmod(WORK, 0o777)
    direct, *others = [p for p in proxies(os.path.abspath(options.gateway), options.beside) if p.name not in options.without]
    cases = [(c, size, stream) for stream in (False, True) for size in (1024, 32768) for c in (1, 16, 64)]
    latency, memory, start = {}, {}, {}
    direct.start()
    try:
        for _ in range(options.rounds):
            for proxy in random.sample(others, len(others)):
                start.setdefault(proxy.name, []).append(proxy.start())
                time.sleep(1)
                for connections, size, stream in cases:
                    for asked in (direct, proxy):
                        port = asked.stream_port if stream else asked.port
                        seen = wrk(port, connections, payload(size, stream, asked.model), options.seconds)
                        latency.setdefault((asked.name, connections, size, stream), []).append(seen)
                memory.setdefault(proxy.name, []).append(proxy.memory_mib())
                proxy.stop()
                print(f"{proxy.name} done", file=sys.stderr)
    finally:
        for proxy in others:
            proxy.stop()
        direct.stop()
    text = table(direct, others, cases, latency, memory, start)
    print(text)
    if options.output:
        with open(options.output, "w") as file:
            file.write(text)


def table(direct, others, cases, latency, memory, start):
    middle = lambda key, index: statistics.median(row[index] for row in latency[key])
    lines = ["| | " + " | ".join(p.name for p in others) + " |", "| --- |" + " ---: |" * len(others)]
    for connections, size, stream in cases:
        case = (connections, size, stream)
        cells = []
        for proxy in others:
            added = [middle((proxy.name, *case), i) - middle((direct.name, *case), i) for i in (0, 1)]
            errors = sum(row[3] for row in latency[(proxy.name, *case)])
            cells.append(f"{added[0]:.2f} / {added[1]:.2f}" + (f" ({errors} errors)" if errors else ""))
        kind = "stream" if stream else "whole"
        lines.append(f"| {kind}, {size // 1024} KB, {connections} connections: added p50 / p99, ms | " + " | ".join(cells) + " |")
    rate = [f"{middle((p.name, 64, 1024, False), 2):,.0f}" for p in others]
    lines.append("| whole, 1 KB, 64 connections: requests a second | " + " | ".join(rate) + " |")
    lines.append("| memory after the load, MiB | " + " | ".join(f"{statistics.median(memory[p.name]):.0f}" for p in others) + " |")
    lines.append("| start to first answer, s | " + " | ".join(f"{statistics.median(start[p.name]):.2f}" for p in others) + " |")
    cpu = re.search(r"model name\s*:\s*(.+)", open("/proc/cpuinfo").read())[1]
    direct_p50 = middle((direct.name, 1, 1024, False), 0)
    lines.append(f"\n{cpu}, {os.cpu_count()} cores, {platform.release()}; the mock alone answers one connection in "
                 f"{direct_p50:.3f} ms. Medians of {len(latency[(direct.name, *cases[0])]) // len(others)} rounds.\n")
    return "\n".join(lines)


if __name__ == "__main__":
    main()
