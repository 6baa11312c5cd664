// What the operator's page does beyond plain links and forms: it keeps itself up to date, lets thresholds be tried with a slider, and
// takes ratings by key. Without it everything can still be read and done.
"use strict";

const connection = document.getElementById("connection");

// Says something beside the page; an empty text says that all is well.
function say(text) {
  connection.textContent = text;
  connection.hidden = text === "";
}

// Whether somebody is in the middle of something that must not be taken away.
function isBusy() {
  const active = document.activeElement;
  const isTyping = active && active.closest("main form, main details[open]") !== null;
  return isTyping || document.querySelector("main details[open]") !== null || String(getSelection()) !== "";
}

// Takes the main part of the page anew, and puts the focus and the places of scrolled boxes back where they were.
async function refresh() {
  const response = await fetch(location.href, { headers: { accept: "text/html" }, credentials: "same-origin" });
  if (response.redirected && new URL(response.url).pathname === "/login") {
    location.assign("/login");
    return;
  }
  if (!response.ok || isBusy()) return;
  const next = new DOMParser().parseFromString(await response.text(), "text/html").getElementById("main");
  const main = document.getElementById("main");
  if (!next || next.innerHTML === main.innerHTML) return;
  const focused = [...main.querySelectorAll("a, button, [tabindex]")].indexOf(document.activeElement);
  const scrolled = [...main.querySelectorAll(".scroll")].map((box) => box.scrollLeft);
  main.replaceChildren(...next.childNodes);
  main.querySelectorAll(".scroll").forEach((box, index) => { box.scrollLeft = scrolled[index] || 0; });
  if (focused >= 0) {
    const again = main.querySelectorAll("a, button, [tabindex]")[focused];
    if (again) again.focus({ preventScroll: true });
  }
  prepare();
}

// Follows the gateway: at most one refresh every few seconds, however much happens.
function follow() {
  let isWaiting = false;
  let wasLost = false;
  const events = new EventSource("/admin/api/events");
  const later = () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(async () => {
      isWaiting = false;
      if (isBusy()) return later();
      try { await refresh(); } catch { /* the next event tries again */ }
    }, 2000);
  };
  events.addEventListener("ready", () => {
    say("");
    if (wasLost) later();
    wasLost = false;
  });
  events.addEventListener("changed", later);
  events.addEventListener("error", () => {
    wasLost = true;
    say("The gateway does not answer. What you see is from before; the page goes on by itself when it is back.");
    // A browser gives up where the answer is no stream: after a restart the session may be over.
    if (events.readyState === EventSource.CLOSED) setTimeout(() => { events.close(); follow(); }, 3000);
  });
}

// Ties a slider to the rows of a table: it says the row that it stands at.
function prepareSlider(slider) {
  const table = document.getElementById(slider.dataset.slider);
  const rows = [...table.querySelectorAll("tbody tr")];
  const titles = [...table.querySelectorAll("thead th")].map((cell) => cell.textContent.trim());
  const input = slider.querySelector("input");
  const output = slider.querySelector("output");
  const show = () => {
    const row = rows[Number(input.value)];
    rows.forEach((other) => other.classList.toggle("chosen", other === row));
    const words = [...row.cells].map((cell, index) => `${titles[index]} ${cell.textContent.trim()}`);
    output.textContent = words.join("; ");
    input.setAttribute("aria-valuetext", words.slice(0, 3).join("; "));
  };
  input.addEventListener("input", show);
  slider.hidden = false;
  show();
}

function prepare() {
  document.querySelectorAll("[data-slider]").forEach(prepareSlider);
}

// One key rates a pair.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (event.target.closest && event.target.closest("input, textarea, select")) return;
  const button = document.querySelector(`.verdicts button[data-key="${CSS.escape(event.key)}"]`);
  if (button) {
    event.preventDefault();
    button.click();
  }
});

prepare();
if (document.body.dataset.live === "yes") follow();
