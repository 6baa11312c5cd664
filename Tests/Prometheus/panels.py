"""Lets Prometheus scrape a demo gateway, and asks it every query of the dashboard and every name of the rules."""
import argparse
import json
import os
import re
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request

PROMPTS = ["What is 2 + 2?", "Write a function that merges intervals, and prove it.", "Extract the date: 1 May.", "Sum up this."]


def fetch(url, body=None, timeout=30):
    request = urllib.request.Request(url, data=None if body is None else json.dumps(body).encode())
    if body is not None:
        request.add_header("content-type", "application/json")
    try:
        with urllib.request.urlopen(request, timeout=timeout) as response:
            return response.status, response.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def free_port():
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        return server.getsockname()[1]


def wait_for(url, process, seconds=60):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            sys.exit(f"{process.args[0]}: ended with {process.returncode} before it answered")
        try:
            if fetch(url)[0] == 200:
                return
        except OSError:
            pass
        time.sleep(0.1)
    sys.exit(f"{url}: no answer within {seconds} seconds")


def send(base, seconds):
    """Requests of several kinds, streams and a refused one among them."""
    end = time.monotonic() + seconds
    sent = 0
    while time.monotonic() < end:
        body = {"model": "auto", "messages": [{"role": "user", "content": f"{PROMPTS[sent % len(PROMPTS)]} ({sent})"}]}
        if sent % 3 == 0:
            body["stream"] = True
        if sent % 7 == 0:
            body["model"] = ["small", "frontier"][sent % 2]
        if sent % 11 == 0:
            body["model"] = "nobody"
        status, text = fetch(base + "/v1/chat/completions", body)
        if status >= 500:
            sys.exit(f"the demo answered {status}: {text[:300]}")
        sent += 1
        time.sleep(0.02)
    return sent


def expressions(dashboard):
    for panel in dashboard["panels"]:
        for target in panel.get("targets", []):
            query = target["expr"]
            for name, value in (("$__rate_interval", "10s"), ("$__range", "30s")):
                query = query.replace(name, value)
            yield panel, query


def check_names(sources, metrics):
    """Names that no gateway could ever expose are mistakes that a query without an answer would hide."""
    families = set(re.findall(r"^# TYPE (\S+)", metrics, re.M))
    known = set(families)
    for path, _, files in os.walk(os.path.join(sources, "Gateway")):
        for file in files:
            with open(os.path.join(path, file), encoding="utf-8") as source:
                known |= {"ockham_gateway_" + name for name in re.findall(r'\bname\("(\w+)"\)', source.read())}
    wrong = []
    for file in ("grafana.dashboard.json", "prometheus.rules.yaml"):
        with open(os.path.join(sources, "OckhamServe", file), encoding="utf-8") as text:
            for name in set(re.findall(r"ockham_gateway_\w+", text.read())):
                if name not in known and re.sub(r"_(bucket|sum|count)$", "", name) not in known:
                    wrong.append(f"{file}: {name}: expected a metric that the gateway has, found none of that name")
    return wrong


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--gateway", required=True)
    parser.add_argument("--sources", required=True)
    options = parser.parse_args()
    with open(os.path.join(options.sources, "OckhamServe/grafana.dashboard.json"), encoding="utf-8") as text:
        dashboard = json.load(text)
    processes = []
    with tempfile.TemporaryDirectory() as folder:
        try:
            sys.exit(check(options, dashboard, folder, processes))
        finally:
            for process in reversed(processes):
                process.terminate()
                process.wait(60)


def room(folder, name):
    path = os.path.join(folder, name)
    os.makedirs(path, exist_ok=True)
    return path


def check_demo(process, folder):
    """The demo served before its traffic was there, and leaves nothing behind."""
    faults = []
    if len(os.listdir(room(folder, "tmp"))) != 1:
        faults.append(f"demo: expected one folder while it runs, found {os.listdir(room(folder, 'tmp'))}")
    process.terminate()
    process.wait(60)
    with open(os.path.join(folder, "log"), encoding="utf-8", errors="replace") as text:
        lines = text.read()
    listening, filled = lines.find("listening"), lines.find("the made-up traffic is there")
    if filled >= 0 and not 0 <= listening < filled:
        faults.append("demo: expected that it listens before its traffic is there")
    left = [name for place in ("tmp", "here", "home") for name in os.listdir(room(folder, place))]
    if left:
        faults.append(f"demo: expected that nothing stays behind, found {left}")
    return faults


def check(options, dashboard, folder, processes):
    port, own = free_port(), free_port()
    base, prometheus = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{own}"
    log = open(os.path.join(folder, "log"), "wb")
    processes.append(
        subprocess.Popen(
            [options.gateway, "--demo", "--listen", f"127.0.0.1:{port}"], stderr=log, stdout=log,
            cwd=room(folder, "here"), env={**os.environ, "TMPDIR": room(folder, "tmp"), "HOME": room(folder, "home")}))
    wait_for(base + "/ready", processes[0])
    config = os.path.join(folder, "prometheus.yml")
    with open(config, "w", encoding="utf-8") as text:
        text.write(
            "global: {scrape_interval: 1s, evaluation_interval: 1s}\n"
            f"rule_files: [{os.path.abspath(os.path.join(options.sources, 'OckhamServe/prometheus.rules.yaml'))}]\n"
            f"scrape_configs: [{{job_name: ockham, static_configs: [{{targets: ['127.0.0.1:{port}']}}]}}]\n")
    processes.append(
        subprocess.Popen(
            ["prometheus", f"--config.file={config}", f"--storage.tsdb.path={folder}/data",
             f"--web.listen-address=127.0.0.1:{own}", "--log.level=error"], stdout=log, stderr=log))
    wait_for(prometheus + "/-/ready", processes[1])
    sent = send(base, 12)
    metrics = fetch(base + "/metrics")[1]
    lint = subprocess.run(["promtool", "check", "metrics"], input=metrics.encode(), capture_output=True, check=False)
    faults = check_names(options.sources, metrics)
    # Three is advice on names alone.
    if lint.returncode not in (0, 3):
        faults.append(f"/metrics: promtool says {(lint.stdout + lint.stderr).decode()[:1000]}")
    answered = empty = 0
    for panel, query in expressions(dashboard):
        status, text = fetch(prometheus + "/api/v1/query?" + urllib.parse.urlencode({"query": query}))
        if status != 200:
            faults.append(f"{panel['title']}: Prometheus refuses its query: {text[:300]}")
        elif json.loads(text)["data"]["result"]:
            answered += 1
        elif "No data until" in panel["description"]:
            empty += 1
        else:
            faults.append(f"{panel['title']}: expected data, found none for {query}")
    rules = json.loads(fetch(prometheus + "/api/v1/rules")[1])["data"]["groups"]
    bad = [rule for group in rules for rule in group["rules"] if rule["health"] == "err"]
    faults += [f"{rule['name']}: {rule.get('lastError')}" for rule in bad]
    if not rules:
        faults.append("prometheus.rules.yaml: expected rules, found that Prometheus has none")
    faults += check_demo(processes[0], folder)
    print("\n".join(faults) if faults else
          f"prometheus: {answered} queries answered with data, {empty} with no data yet, after {sent} requests")
    return 1 if faults else 0


if __name__ == "__main__":
    main()
