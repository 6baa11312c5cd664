"""page.py --gateway PROGRAM --ockham PROGRAM --models FOLDER [--screenshots FOLDER]: see README.md beside this."""
import argparse
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect, sync_playwright

from seed import seed

PARTS = ["/", "/requests", "/thresholds", "/audit", "/playground", "/promotion", "/alerts"]
KEY = "page-test-key-000000000000"


class Gateway:
    """A gateway under a configuration, started and stopped by its process."""

    def __init__(self, program, folder, admin, name, port=0, registry=None, telemetry=True):
        self.program, self.folder, self.name, self.process = program, Path(folder), name, None
        lines = ["listen: 127.0.0.1:0", f"admin: {admin.replace('PORT', str(port))}",
                 f"telemetry: {{path: {self.folder / name}.sqlite, prompts: full}}" if telemetry else "telemetry: {path: null}",
                 "providers: {mock: {kind: mock}}", "tiers:"]
        lines += [f"  - {{name: {tier}, targets: [mock/{tier}]}}" for tier in ("small", "mid", "frontier")]
        lines.append(f"registry: {registry}" if registry else "model: null")
        self.path = self.folder / f"{name}.yaml"
        self.path.write_text("\n".join(lines) + "\n")

    def start(self):
        self.process = subprocess.Popen([self.program, "--config", self.path], stderr=subprocess.PIPE, text=True,
                                        env={**os.environ, "PAGE_KEY": KEY})
        said = []
        for line in self.process.stderr:
            said.append(line)
            if match := re.search(r"operator's page is there.*address=http://127.0.0.1:(\d+)", line) or re.search(
                    r"address=http://127.0.0.1:(\d+)/", line):
                self.port = int(match[1])
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return self
        raise SystemExit("the gateway did not start:\n" + "".join(said))

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    def stop(self, how=signal.SIGTERM):
        self.process.send_signal(how)
        self.process.wait(30)


class Browser:
    """Pages that note what goes wrong: requests to other hosts, errors of scripts, messages of the console."""

    def __init__(self, chromium, screenshots):
        self.chromium, self.screenshots, self.problems, self.checked = chromium, screenshots, [], 0

    def page(self, width=1440, scheme="light", script=True):
        context = self.chromium.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme,
                                            java_script_enabled=script)
        page = context.new_page()
        page.on("request", lambda request: request.url.startswith("http://127.0.0.1:")
                or self.problems.append(f"a request to {request.url}"))
        page.on("pageerror", lambda error: self.problems.append(f"an error: {error}"))
        page.on("console", lambda said: said.type == "error" and "Failed to load resource" not in said.text
                and "ERR_" not in said.text and self.problems.append(f"the console: {said.text}"))
        return page

    def look(self, page, name, axe=True):
        """A screenshot, what axe-core finds, and that nothing is wider than the window."""
        if self.screenshots:
            page.screenshot(path=self.screenshots / f"{name}.png", full_page=True)
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if wide > 0:
            self.problems.append(f"{name}: {wide} pixels wider than the window")
        if axe:
            self.checked += 1
            for violation in Axe().run(page).response["violations"]:
                nodes = "; ".join(node["html"][:120] for node in violation["nodes"][:3])
                self.problems.append(f"{name}: axe {violation['id']}: {violation['help']}: {nodes}")


def money_is_a_plain_sum(page, database):
    """The figure of the page against SQL, for the week that it shows."""
    report = page.evaluate("fetch('/admin/api/overview?period=7d').then(r => r.json())")
    hour = int(report["as_of"] // 3600) + 1
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
        spent, requests = db.execute("SELECT total(cost_usd), count(*) FROM decisions WHERE time >= ? AND time < ?",
                                     ((hour - 168) * 3600, hour * 3600)).fetchone()
    found = report["report"]["money"]
    assert abs(found["spent_usd"] - spent) < 1e-9 and found["requests"] == requests, (found, spent, requests)


def walk(browser, gateway, database):
    for scheme in ("light", "dark"):
        for width in browser.widths:
            page = browser.page(width, scheme)
            for part in PARTS:
                page.goto(gateway.url + part)
                browser.look(page, f"full-{part.strip('/') or 'overview'}-{width}-{scheme}")
            page.context.close()
    page = browser.page(3840)
    page.goto(gateway.url)
    browser.look(page, "full-overview-3840-light", axe=False)
    page.context.close()
    page = browser.page(script=False)
    for part in PARTS:
        page.goto(gateway.url + part)
        assert page.locator("h1").count() == 1, part
    page.context.close()

    page = browser.page()
    page.goto(gateway.url)
    money_is_a_plain_sum(page, database)
    # Filters stand in the address.
    page.locator("select[name=key]").select_option("interns")
    page.get_by_role("button", name="Show").click()
    assert "key=interns" in page.url
    # A number opens the requests behind it, and one of these its decision.
    page.get_by_role("region", name="Requests by reason and tier").get_by_role("link").nth(1).click()
    expect(page.get_by_role("heading", name="Requests", level=1)).to_be_visible()
    page.locator("tbody th a").first.click()
    expect(page.get_by_role("heading", name="What was weighed")).to_be_visible()
    browser.look(page, "full-request-1440-light")
    # The slider says the row that it stands at.
    page.goto(gateway.url + "/thresholds")
    slider = page.get_by_role("slider")
    slider.focus()
    before = page.locator("output").inner_text()
    page.keyboard.press("ArrowRight")
    assert page.locator("output").inner_text() != before
    browser.look(page, "full-slider-1440-light")
    # A decision of every policy, without a model that is asked.
    page.goto(gateway.url + "/playground")
    page.get_by_label("Prompt").fill("What is 2 + 2? <b>bold</b>")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_role("region", name="The decision of every policy")).to_be_visible()
    browser.look(page, "full-played-1440-light")
    page.context.close()


def rate_by_keyboard(browser, gateway, database):
    page = browser.page()
    page.goto(gateway.url + "/audit")
    first = page.locator("input[name=request_id]").get_attribute("value")
    with page.expect_navigation():
        page.keyboard.press("1")
    assert page.locator("input[name=request_id]").get_attribute("value") != first
    deadline = time.monotonic() + 10
    while True:
        with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as db:
            rows = db.execute("SELECT quality, probability FROM ratings WHERE request_id = ? ORDER BY quality",
                              (first,)).fetchall()
        if rows or time.monotonic() > deadline:
            break
        time.sleep(0.1)
    assert [row[0] for row in rows] == [0, 1] and all(0 < row[1] <= 1 for row in rows), rows
    page.context.close()


def abort_a_canary(browser, gateway):
    page = browser.page()
    page.goto(gateway.url + "/promotion")
    page.get_by_text("Abort the canary…").click()
    button = page.get_by_role("button", name="Abort the canary", exact=True)
    button.click()
    assert "/promotion" in page.url and "done" not in page.url, "nothing happens without the tick"
    page.locator("details[open]").get_by_label("I mean it").check()
    browser.look(page, "full-abort-1440-light")
    button.click()
    expect(page.get_by_role("status").filter(has_text="Written down: abort")).to_be_visible()
    expect(page.get_by_role("cell", name="abort", exact=True)).to_be_visible()
    page.context.close()


def survive_a_restart(browser, gateway):
    page = browser.page()
    page.goto(gateway.url + "/alerts")
    gateway.stop(signal.SIGKILL)
    expect(page.locator("#connection")).to_be_visible(timeout=20_000)
    browser.look(page, "error-lost-1440-light")
    gateway.start()
    expect(page.locator("#connection")).to_be_hidden(timeout=30_000)
    page.get_by_text("Send a test alert…").click()
    page.wait_for_timeout(100)
    page.reload()
    page.get_by_text("Send a test alert…").click()
    page.locator("details[open]").get_by_label("I mean it").check()
    page.get_by_role("button", name="Send a test alert", exact=True).click()
    expect(page.get_by_text("A test alert went in and out again.")).to_be_visible()
    page.context.close()


def empty_and_refused(browser, program, folder):
    empty = Gateway(program, folder, "{listen: '127.0.0.1:PORT'}", "empty").start()
    page = browser.page(360)
    for part in PARTS:
        page.goto(empty.url + part)
        if part != "/playground":
            assert page.locator(".missing").count() > 0, f"{part} says what is missing"
        browser.look(page, f"empty-{part.strip('/') or 'overview'}-360-light")
    page.goto(empty.url + "/requests/nothing")
    browser.look(page, "error-unknown-360-light")
    page.context.close()
    empty.stop()
    kept = Gateway(program, folder, "{listen: '127.0.0.1:PORT', roles: {ann: {key_env: PAGE_KEY, role: read}}}", "kept",
                   telemetry=False).start()
    page = browser.page(1440, "dark")
    page.goto(kept.url + "/thresholds")
    assert page.url.endswith("/login")
    browser.look(page, "login-1440-dark")
    page.get_by_label("Key").fill("wrong")
    page.keyboard.press("Enter")
    expect(page.get_by_role("alert")).to_be_visible()
    browser.look(page, "error-login-1440-dark")
    page.get_by_label("Key").fill(KEY)
    page.keyboard.press("Enter")
    page.wait_for_url(kept.url + "/")
    page.goto(kept.url + "/thresholds")
    expect(page.get_by_role("alert")).to_contain_text("telemetry.path")
    browser.look(page, "error-nothing-kept-1440-dark")
    page.goto(kept.url)
    page.get_by_role("button", name="Log out").click()
    page.wait_for_url(kept.url + "/login")
    page.context.close()
    kept.stop()


def registry_with_a_canary(ockham, models, folder):
    registry = Path(folder) / "registry"
    for words in ([str(models / "default")], [str(models / "starter"), "--canary", "0.05"]):
        subprocess.run([ockham, "promote", "--registry", registry, *words], check=True, capture_output=True)
    return registry


def main():
    parser = argparse.ArgumentParser()
    for name in ("gateway", "ockham", "models"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--screenshots", type=Path)
    parser.add_argument("--only", help="the name of one step")
    parser.add_argument("--widths", type=int, nargs="*", default=[360, 1440])
    options = parser.parse_args()
    if options.screenshots:
        options.screenshots.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        registry = registry_with_a_canary(options.ockham, Path(options.models), folder)
        full = Gateway(options.gateway, folder, "{listen: '127.0.0.1:PORT'}", "full", registry=registry)
        full.start().stop()
        # From here on at one port, so that a page that is open finds it again.
        full = Gateway(options.gateway, folder, "{listen: '127.0.0.1:PORT'}", "full", port=full.port, registry=registry)
        database = Path(folder) / "full.sqlite"
        seed(database, time.time())
        done = subprocess.run([options.gateway, "--config", full.path, "--rebuild-cells"], capture_output=True, text=True)
        assert done.returncode == 0 and "6,000 requests" in done.stdout, done.stdout + done.stderr
        full.start()
        chromium = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        browser = Browser(chromium, options.screenshots)
        browser.widths = options.widths
        steps = [(walk, full, database), (rate_by_keyboard, full, database), (abort_a_canary, full),
                 (survive_a_restart, full), (empty_and_refused, options.gateway, folder)]
        steps = [step for step in steps if options.only in (None, step[0].__name__)]
        passed = failed = 0
        for step, *words in steps:
            try:
                step(browser, *words)
                passed += 1
                print(f"{step.__name__}: passed", flush=True)
            except Exception as error:
                failed += 1
                print(f"{step.__name__}: FAILED: {type(error).__name__}: {error}", flush=True)
        for problem in browser.problems:
            print(f"problem: {problem}")
        failed += bool(browser.problems)
        passed += not browser.problems
        print(f"axe-core looked at {browser.checked} views")
        chromium.close()
        full.stop()
        print(f"{passed} passed, {failed} failed")
        sys.exit(bool(failed))


if __name__ == "__main__":
    main()
