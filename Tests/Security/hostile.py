#!/usr/bin/env python3
"""hostile.py GATEWAY [--connections N] [--honest N] [--seconds S] [--kinds A,B] [--queues N...] [--append FILE]

Strangers and greedy clients against a gateway on loopback, beside honest ones: N connections of each kind (slow head, slow body
without and with a key, unread stream, probe with a body), one kind at a time, for S seconds. Prints the honest clients' p50 and p99
with and without them, the memory, and what the gateway closed. Then 500 calls of 2 s of a provider with 64 connections and with
512. The hostile, their provider and that of the honest are processes of their own, so that what is measured is the gateway.
Bounded in count and time, loopback only, no packages beside Python's own.
"""
import argparse, asyncio, hashlib, json, re, resource, socket, statistics, subprocess, sys, tempfile, time, urllib.request
from pathlib import Path

KEYS = {"honest": "key-of-the-honest", "greedy": "key-of-the-greedy"}
LONG = b"data: " + json.dumps({"id": "c", "choices": [{"index": 0, "delta": {"content": "x" * 4000}}]}).encode() + b"\n\n"
STREAM = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n"


async def provider(reader, writer):
    """Answers at once; after 2 s where it is asked to be slow; for ever where it is asked for a stream."""
    try:
        while True:
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(re.search(rb"content-length: *(\d+)", head, re.I).group(1))
            body = json.loads(await reader.readexactly(length))
            if body.get("stream"):
                writer.write(STREAM)
                for _ in range(20_000):
                    writer.write(LONG)
                    await writer.drain()
                return
            if "slow" in body["messages"][-1]["content"]:
                await asyncio.sleep(2)
            answer = json.dumps({
                "id": "c", "object": "chat.completion", "created": 1, "model": "m",
                "choices": [{"index": 0, "message": {"role": "assistant", "content": "yes"}, "finish_reason": "stop"}],
                "usage": {"prompt_tokens": 9, "completion_tokens": 1, "total_tokens": 10}}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: %d\r\n\r\n" % len(answer) + answer)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
        pass
    finally:
        writer.close()


def head(path, key=None, length="", method="POST"):
    authorization = f"authorization: Bearer {key}\r\n" if key else ""
    return f"{method} {path} HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\n{authorization}{length}\r\n".encode()


def chat(text, stream=False, model="small"):
    return json.dumps({"model": model, "stream": stream, "messages": [{"role": "user", "content": text}]}).encode()


async def slow_head(reader, writer):
    writer.write(head("/v1/chat/completions")[:40])
    while True:
        await asyncio.sleep(3)
        writer.write(b"a")
        await writer.drain()


def slow_body(key):
    async def run(reader, writer):
        writer.write(head("/v1/chat/completions", key, "content-length: 1000000\r\n") + b"{")
        while True:
            await asyncio.sleep(3)
            writer.write(b" ")
            await writer.drain()
    return run


async def unread(reader, writer):
    body = chat("long", stream=True, model="other")
    writer.write(head("/v1/chat/completions", KEYS["greedy"], f"content-length: {len(body)}\r\n") + body)
    writer.transport.pause_reading()
    await asyncio.sleep(3600)


async def probe(reader, writer):
    writer.write(head("/health", length="content-length: 30000000\r\n", method="GET"))
    for _ in range(30):
        writer.write(b" " * 100_000)
        await writer.drain()
    await asyncio.sleep(3600)


KINDS = {"none": None, "slow head": slow_head, "slow body, no key": slow_body(None), "slow body, a key": slow_body(KEYS["greedy"]),
         "unread stream": unread, "probe with a body": probe}


async def stay(kind, port, end):
    """One hostile connection, which comes again when it is closed, until the time is over."""
    while time.monotonic() < end:
        writer = None
        try:
            client = socket.socket()
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            client.setblocking(False)
            await asyncio.get_running_loop().sock_connect(client, ("127.0.0.1", port))
            reader, writer = await asyncio.open_connection(sock=client, limit=1 << 12)
            await asyncio.wait_for(kind(reader, writer), max(0.1, end - time.monotonic()))
        except (OSError, asyncio.TimeoutError):
            pass
        finally:
            if writer:
                writer.transport.abort()
        await asyncio.sleep(0.5)


async def attack(kind, port, connections, seconds):
    """All hostile connections of a kind, in a process of their own."""
    end = time.monotonic() + seconds
    tasks = [asyncio.create_task(stay(KINDS[kind], port, end)) for _ in range(connections)]
    await asyncio.wait(tasks, timeout=seconds + 1)
    for task in tasks:
        task.cancel()


async def ask(reader, writer, text):
    body = chat(text)
    writer.write(head("/v1/chat/completions", KEYS["honest"], f"content-length: {len(body)}\r\n") + body)
    answer = await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(int(re.search(rb"content-length: *(\d+)", answer, re.I).group(1)))
    return int(answer.split()[1])


async def honest(port, end, taken, statuses):
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while time.monotonic() < end:
        start = time.perf_counter()
        statuses.append(await ask(reader, writer, "hello"))
        taken.append(time.perf_counter() - start)
        await asyncio.sleep(0.1)
    writer.close()


class Gateway:
    def __init__(self, binary, upstreams, connections):
        self.folder = tempfile.TemporaryDirectory()
        hashes = {name: hashlib.sha256(key.encode()).hexdigest() for name, key in KEYS.items()}
        keys = "".join(f"  - {{name: {name}, sha256: {value}}}\n" for name, value in hashes.items())
        path = Path(self.folder.name) / "gateway.yaml"
        path.write_text(
            "listen: 127.0.0.1:0\nmodel: null\ntelemetry: {path: null}\n"
            "providers:\n" + "".join(
                f"  p{i}: {{kind: openai, base_url: 'http://127.0.0.1:{port}/v1', max_connections: {connections}}}\n"
                for i, port in enumerate(upstreams))
            + "tiers:\n" + "".join(
                f"  - {{name: {name}, targets: [{{provider: p{i}, model: m}}]}}\n"
                for i, name in enumerate(["small", "other"]))
            + f"keys:\n{keys}")
        self.process = subprocess.Popen([binary, "--config", path], stderr=subprocess.PIPE, text=True)
        self.port = next(int(m.group(1)) for line in self.process.stderr if (m := re.search(r"address=\S*:(\d+)", line)))
        asyncio.get_running_loop().run_in_executor(None, self.process.stderr.read)

    @property
    def megabytes(self):
        return int(re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{self.process.pid}/status").read_text()).group(1)) / 1024

    def metric(self, pattern):
        text = urllib.request.urlopen(f"http://127.0.0.1:{self.port}/metrics", timeout=30).read().decode()
        return {k: float(v) for k, v in re.findall(rf"^ockham_gateway_({pattern}\S*) (\S+)$", text, re.M)}

    def stop(self):
        self.process.terminate()
        self.process.wait(60)


async def measure(gateway, options, kind):
    end = time.monotonic() + options.seconds
    hostile = None
    if KINDS[kind]:
        # At low priority: on other machines they would take nothing from the gateway's processors.
        hostile = subprocess.Popen(["nice", "-n", "19", sys.executable, __file__, "--attack", kind, str(gateway.port), str(options.connections),
                                    str(options.seconds)], stderr=subprocess.DEVNULL)
        await asyncio.sleep(min(3, options.seconds / 4))
    taken, statuses, peak = [], [], 0
    clients = [asyncio.create_task(honest(gateway.port, end, taken, statuses)) for _ in range(options.honest)]
    while time.monotonic() < end:
        peak = max(peak, gateway.megabytes)
        await asyncio.sleep(0.2)
    await asyncio.gather(*clients)
    if hostile:
        hostile.kill()
    taken.sort()
    return {"p50": statistics.median(taken), "p99": taken[int(0.99 * len(taken))], "count": len(taken),
            "failed": sum(s != 200 for s in statuses), "peak": peak}


async def queueing(binary, upstreams, connections):
    gateway = Gateway(binary, upstreams, connections)
    waiting = 0

    async def one():
        reader, writer = await asyncio.open_connection("127.0.0.1", gateway.port)
        status = await ask(reader, writer, "slow")
        writer.close()
        return status
    tasks = [asyncio.create_task(one()) for _ in range(500)]
    while not all(t.done() for t in tasks):
        shown = await asyncio.to_thread(gateway.metric, "provider_calls_queued")
        waiting = max(waiting, *shown.values())
        await asyncio.sleep(0.3)
    statuses = [t.result() for t in tasks]
    breaker = gateway.metric("breaker_state")
    gateway.stop()
    return f"{connections} connections: {statuses.count(200)} of 500 answered, at most {waiting:.0f} waited, breakers {list(breaker.values())}"


async def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gateway")
    parser.add_argument("--connections", type=int, default=2000)
    parser.add_argument("--honest", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--kinds", help="commas between them; the first is what the others are compared with")
    parser.add_argument("--queues", type=int, nargs="*", default=[64, 512])
    parser.add_argument("--append")
    options = parser.parse_args()
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 1 << 16), hard))
    providers = [subprocess.Popen(["nice", "-n", niceness, sys.executable, __file__, "--provider"], stdout=subprocess.PIPE, text=True)
                 for niceness in ("0", "19")]
    upstreams = [int(provider.stdout.readline()) for provider in providers]
    rows = [f"| {options.connections} hostile connections | p50 ms | p99 ms | p99 against none | failed of requests | peak MiB | closed |",
            "| --- | --- | --- | --- | --- | --- | --- |"]
    base = None
    for name in options.kinds.split(",") if options.kinds else KINDS:
        gateway = Gateway(options.gateway, upstreams, 1024)
        seen = await measure(gateway, options, name)
        closed = await asyncio.to_thread(gateway.metric, "connections_closed_total")
        gateway.stop()
        base = base or seen
        shown = ", ".join(f"{re.search('cause=.(.*?).}', k).group(1)} {v:.0f}" for k, v in closed.items() if "cause" in k)
        rows.append(f"| {name} | {seen['p50'] * 1e3:.1f} | {seen['p99'] * 1e3:.1f} | {seen['p99'] / base['p99']:.2f} | "
                    f"{seen['failed']} of {seen['count']} | {seen['peak']:.0f} | {shown or '–'} |")
        print(rows[-1], flush=True)
    lines = [await queueing(options.gateway, upstreams, n) for n in options.queues]
    text = "\n".join(rows + [""] + lines) + "\n"
    print(text)
    if options.append:
        with open(options.append, "a") as out:
            out.write(text)
    for provider in providers:
        provider.kill()


async def provide():
    """The provider, in a process of its own."""
    server = await asyncio.start_server(provider, "127.0.0.1", 0, backlog=4096)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


match sys.argv[1:]:
    case ["--provider"]:
        asyncio.run(provide())
    case ["--attack", kind, port, count, seconds]:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 1 << 16),) * 2)
        asyncio.run(attack(kind, int(port), int(count), float(seconds)))
    case _:
        asyncio.run(main())
