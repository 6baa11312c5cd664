"""The gateway under load: killed in the middle of it (`kill`), or watched for a while (`soak`).

    python3 Tests/Clients/endurance.py GATEWAY kill
    python3 Tests/Clients/endurance.py GATEWAY soak --minutes 10

Uses the gateway's built-in provider and a database in a temporary folder; needs nothing beyond Python and, for `soak`, wrk.
"""

import argparse
import http.client
import json
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time

PORT = 18997
CONFIGURATION = """
listen: 127.0.0.1:{port}
providers:
  mock: {{kind: mock}}
tiers:
  - {{name: small, targets: [{{provider: mock, model: a}}]}}
  - {{name: mid, targets: [{{provider: mock, model: b}}]}}
  - {{name: frontier, targets: [{{provider: mock, model: c}}]}}
telemetry: {{path: {folder}/gateway.sqlite}}
"""


def start(gateway, folder):
    path = os.path.join(folder, "gateway.yaml")
    with open(path, "w") as file:
        file.write(CONFIGURATION.format(port=PORT, folder=folder))
    process = subprocess.Popen([gateway, "--config", path, "--log-level", "error"])
    for _ in range(200):
        try:
            connection = http.client.HTTPConnection("127.0.0.1", PORT)
            connection.request("GET", "/ready")
            connection.getresponse().read()
            return process
        except OSError:
            time.sleep(0.05)
    sys.exit("the gateway does not start")


def body(text, stream=False):
    return json.dumps({"model": "auto", "stream": stream, "messages": [{"role": "user", "content": text}]})


def ask(stop, ids, lock):
    """Asks one request after the other and keeps the ids of those that were answered."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT)
    number = 0
    while not stop.is_set():
        try:
            connection.request("POST", "/v1/chat/completions", body(f"question {number}"),
                               {"content-type": "application/json"})
            response = connection.getresponse()
            response.read()
            with lock:
                ids.append(response.getheader("x-ockham-request-id"))
        except (OSError, http.client.HTTPException):
            return
        number += 1


def kill(gateway, folder, rounds=5):
    worst = 0
    for number in range(rounds):
        process = start(gateway, folder)
        stop, ids, lock = threading.Event(), [], threading.Lock()
        threads = [threading.Thread(target=ask, args=(stop, ids, lock)) for _ in range(4)]
        for thread in threads:
            thread.start()
        time.sleep(3)
        process.send_signal(signal.SIGKILL)
        process.wait()
        stop.set()
        for thread in threads:
            thread.join()
        again = start(gateway, folder)
        database = sqlite3.connect(os.path.join(folder, "gateway.sqlite"))
        assert database.execute("PRAGMA integrity_check").fetchone()[0] == "ok"
        assert not database.execute("PRAGMA foreign_key_check").fetchall()
        known = {row[0] for row in database.execute("SELECT request_id FROM decisions")}
        lost = sum(name not in known for name in ids)
        worst = max(worst, lost)
        print(f"kill {number + 1}: {len(ids):,} answered, {lost} not in the database, which is intact; restarted")
        again.terminate()
        assert again.wait(20) == 0
    print(f"at most {worst} records lost; a batch is 256")
    return worst <= 256


def soak(gateway, folder, minutes):
    process = start(gateway, folder)
    scripts = []
    for stream in (False, True):
        path = os.path.join(folder, f"post{stream}.lua")
        with open(path, "w") as file:
            file.write('wrk.method="POST"\nwrk.headers["content-type"]="application/json"\nwrk.body=[==['
                       + body("What changed since spring? " * 30, stream) + "]==]\n")
        scripts.append(path)
    samples = []
    end = time.time() + minutes * 60
    while time.time() < end:
        for script in scripts:
            subprocess.run(["wrk", "-t1", "-c4", "-d5s", "-s", script, f"http://127.0.0.1:{PORT}/v1/chat/completions"],
                           check=True, capture_output=True)
            time.sleep(5)  # half load
        status = open(f"/proc/{process.pid}/status").read()
        memory = int(status.split("VmRSS:")[1].split()[0]) // 1024
        samples.append((memory, len(os.listdir(f"/proc/{process.pid}/fd"))))
        print(f"{len(samples) * 20:4d} s: {samples[-1][0]} MiB, {samples[-1][1]} descriptors", flush=True)
    process.terminate()
    assert process.wait(30) == 0
    quarter = max(1, len(samples) // 4)
    early = max(memory for memory, _ in samples[quarter:2 * quarter] or samples)
    late = max(memory for memory, _ in samples[-quarter:])
    print(f"second quarter at most {early} MiB, last quarter {late} MiB; descriptors {samples[quarter][1]} and {samples[-1][1]}")
    return late <= early * 1.1 and samples[-1][1] <= samples[quarter][1] + 4


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("gateway")
    parser.add_argument("mode", choices=["kill", "soak"])
    parser.add_argument("--minutes", type=float, default=10)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        held = kill(options.gateway, folder) if options.mode == "kill" else soak(options.gateway, folder, options.minutes)
    sys.exit(0 if held else 1)
