"""What shadow labels cost the clients of a gateway: the same gateway with copies on and off, side by side in interleaved rounds.

Both observe with the shipped model, before one mock (nginx with canned answers, which are verdicts too). wrk's connections pause between
requests, so that the processors are at most half busy; what is reported is the ratio of each round's latencies, on to off, with a 95 % interval
of its mean (of logarithms, by rounds), how busy the processors were, and how many copies were made meanwhile.

    python3 Tests/Benchmarks/Gateway/shadow.py [.build/release/ockham-gateway] [--rounds 24] [--seconds 8]

Needs nginx and wrk, and nothing else on the machine.
"""

import argparse
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import urllib.request

import benchmark

# nginx takes one of two backslashes away.
VERDICT = benchmark.WHOLE.replace("word " * 20, '{\\\\"score\\\\": 0.8}')
# 97.5 % points of Student's t by degrees of freedom.
STUDENT = {4: 2.776, 9: 2.262, 11: 2.201, 14: 2.145, 19: 2.093, 29: 2.045}


def gateway(name, port, binary, model, shadow):
    prices = benchmark.write("prices.json", '{"mock": {"input_cost_per_token": 1e-6, "output_cost_per_token": 2e-6}}')
    config = benchmark.write(f"{name}.yaml", f"""
listen: 127.0.0.1:{port}
model: {model}
prices: {prices}
providers:
  mock: {{kind: openai, base_url: "http://127.0.0.1:{benchmark.MOCK}/v1"}}
  judge: {{kind: openai, base_url: "http://127.0.0.1:{benchmark.MOCK}/v1"}}
tiers:
  - {{name: small, targets: [{{provider: mock, model: mock, name: small-mock, price: mock}}]}}
  - {{name: mid, targets: [{{provider: mock, model: mock, name: mid-mock, price: mock}}]}}
  - {{name: frontier, targets: [{{provider: mock, model: mock, name: large-mock, price: mock}}]}}
targets: [{{provider: judge, model: arbiter, price: mock}}]
observe: {{tier: frontier}}
{shadow}
telemetry: {{path: {benchmark.WORK}/{name}.sqlite}}
""")
    return benchmark.Proxy(name, port, port, [binary, "--config", config, "--log-level", "error"], model="auto")


def paced(port, connections, pause, seconds, body):
    """wrk with pauses: (p50, p99) in ms, requests a second, failures, and how busy all processors were."""
    script = benchmark.write("paced.lua", f"""
wrk.method = "POST"
wrk.headers["content-type"] = "application/json"
wrk.body = [==[{body.decode()}]==]
function delay() return math.random({pause // 2}, {pause * 3 // 2}) end
done = function(s, l, r) io.write(string.format("P %f %f %d %d\\n", l:percentile(50), l:percentile(99), s.requests,
  s.errors.status + s.errors.read + s.errors.timeout)) end
""")
    before = processors()
    out = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "-s", script,
                          f"http://127.0.0.1:{port}/v1/chat/completions"], capture_output=True, text=True, check=True).stdout
    after = processors()
    p50, p99, requests, errors = re.search(r"P (\S+) (\S+) (\d+) (\d+)", out).groups()
    busy = (after[0] - before[0]) / max(1, after[1] - before[1])
    return float(p50) / 1000, float(p99) / 1000, int(requests) / seconds, int(errors), busy


def processors():
    fields = [int(field) for field in open("/proc/stat").readline().split()[1:9]]
    return sum(fields) - fields[3] - fields[4], sum(fields)


def metric(port, name):
    text = urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10).read().decode()
    return sum(float(value) for value in re.findall(rf"^ockham_gateway_{name}(?:\{{[^}}]*\}})? (\S+)$", text, re.M))


def interval(ratios):
    logs = [math.log(ratio) for ratio in ratios]
    degrees = max((d for d in STUDENT if d < len(logs)), default=4)
    reach = STUDENT[degrees] * statistics.stdev(logs) / math.sqrt(len(logs))
    mean = statistics.mean(logs)
    return math.exp(mean), math.exp(mean - reach), math.exp(mean + reach)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway", nargs="?", default=".build/release/ockham-gateway")
    parser.add_argument("--model", default="models/default")
    parser.add_argument("--rounds", type=int, default=24)
    parser.add_argument("--seconds", type=int, default=8)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--pause", type=int, default=100, metavar="MS", help="the mean pause of a connection between requests")
    parser.add_argument("--audit", type=float, default=0.01, help="the share of requests that every tier is asked of")
    options = parser.parse_args()
    benchmark.WORK = tempfile.mkdtemp()
    os.chmod(benchmark.WORK, 0o777)
    mock = benchmark.NGINX % {"dir": benchmark.WORK, "name": "mock",
                              "servers": benchmark.server(benchmark.MOCK, VERDICT, "application/json")}
    direct = benchmark.Proxy("direct", benchmark.MOCK, 0, ["nginx", "-c", benchmark.write("mock.conf", mock)])
    binary, model = os.path.abspath(options.gateway), os.path.abspath(options.model)
    shadow = f"shadow: {{usd_per_day: 1000, audit: {options.audit}, judge: judge/arbiter}}"
    sides = {"off": gateway("off", 19120, binary, model, ""), "on": gateway("on", 19130, binary, model, shadow)}
    direct.start()
    seen = {name: [] for name in sides}
    try:
        for side in sides.values():
            side.start()
        body = benchmark.payload(1024, False, "auto")
        for side in sides.values():
            paced(side.port, options.connections, options.pause, 2, body)
        before = metric(sides["on"].port, "shadow_labels_total")
        for number in range(options.rounds):
            for name in random.sample(sorted(sides), 2):
                seen[name].append(paced(sides[name].port, options.connections, options.pause, options.seconds, body))
            print(f"round {number + 1} of {options.rounds}", file=sys.stderr)
        labels = metric(sides["on"].port, "shadow_labels_total") - before
    finally:
        for side in (*sides.values(), direct):
            side.stop()
    for place, name in enumerate(("p50", "p99")):
        ratio, low, high = interval([on[place] / off[place] for on, off in zip(seen["on"], seen["off"])])
        middle = {side: statistics.median(row[place] for row in rows) for side, rows in seen.items()}
        print(f"{name}: {middle['off']:.2f} ms off, {middle['on']:.2f} ms on; ratio {ratio:.3f} ({low:.3f} to {high:.3f})")
    for name, rows in seen.items():
        print(f"{name}: {statistics.median(row[2] for row in rows):.0f} requests a second, processors "
              f"{statistics.median(row[4] for row in rows) * 100:.0f} % busy, {sum(row[3] for row in rows)} failures")
    print(f"labels made meanwhile: {labels:.0f}")


if __name__ == "__main__":
    main()
