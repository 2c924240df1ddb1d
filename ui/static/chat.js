// The conversation: what is asked goes to the server over Gradio's hidden wire; what comes is announced, pinned, kept in the tab.
(() => {
  "use strict";
  const { words, store, look, say, messages, questionOf } = window.onco;
  const root = document.documentElement;
  const by = (id) => document.getElementById(id);
  // What the server takes back after a reload (`ui.commands`).
  const MOST_KEPT = 60;
  // No question on the screen after this long, or no change in an answer: ask whether the server is there.
  const UNHEARD_MS = 15000;
  const SILENT_MS = 20000;
  const SPOKEN_AFTER_MS = 4000;

  let pending = null;     // {text, keep, since}: sent, and not on the screen yet
  let editing = null;     // where the question stands that is being changed
  let broken = null;      // where the question stands whose answer was lost
  let restoring = false;
  let changed = Date.now();

  // -- the wire

  const setter = Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, "value").set;
  const areaSetter = Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set;
  let waitingCommand = null;
  function send(command) {
    waitingCommand = command;
    flush();
  }
  function flush() {
    const wire = document.querySelector("#onco-wire textarea, #onco-wire input");
    const go = by("onco-go");
    if (!waitingCommand || !wire || !go) return;
    (wire instanceof HTMLTextAreaElement ? areaSetter : setter).call(wire, JSON.stringify(waitingCommand));
    waitingCommand = null;
    wire.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => go.click(), 40);
  }

  const running = () => pending !== null || restoring || (broken === null && unanswered());
  function unanswered() {
    const last = messages().at(-1);
    return Boolean(last) && (last.role === "user" || last.node.dataset.state === "streaming");
  }

  // Asks; `keep`: how many messages stay before the question. Returns whether it was sent.
  function ask(text, { keep = null, detail = look.level } = {}) {
    const asked = text.trim();
    if (!asked || running()) {
      say(asked ? words.wait : words.empty_question);
      return false;
    }
    const before = keep ?? broken;
    pending = { text: asked, keep: before, since: Date.now(), count: messages().length };
    broken = null;
    stopEditing();
    by("onco-lost").hidden = true;
    send({ do: "ask", text: asked, keep: before, detail, topic: root.dataset.topic || "" });
    wait(asked, words.searching);
    tidy();
    return true;
  }

  function wait(text, status) {
    const place = by("onco-waiting");
    place.querySelector(".onco-asking").textContent = text;
    place.querySelector(".onco-asking").hidden = !text;
    place.querySelector(".onco-working > span:last-child").textContent = status;
    place.hidden = false;
  }

  function lost() {
    const text = pending?.text ?? messages().filter((message) => message.role === "user").at(-1)?.text ?? "";
    const all = messages();
    broken = pending ? pending.keep : all.findLastIndex((message) => message.role === "user");
    pending = null;
    restoring = false;
    waitingCommand = null;
    by("onco-waiting").hidden = true;
    const area = by("onco-question");
    if (!area.value.trim()) area.value = text;
    draft();
    grow();
    by("onco-lost").textContent = words.lost;
    by("onco-lost").hidden = false;
    tidy();
  }

  async function reachable() {
    try {
      const limit = AbortSignal.timeout(8000);
      return (await fetch(`${words.root}healthz`, { credentials: "omit", cache: "no-store", signal: limit })).ok;
    } catch {
      return false;
    }
  }
  let checking = false;
  setInterval(async () => {
    const silent = Date.now() - Math.max(changed, pending?.since ?? 0);
    if (checking || !running() || silent < (pending ? UNHEARD_MS : SILENT_MS)) return;
    checking = true;
    const there = navigator.onLine && await reachable();
    checking = false;
    if (running() && !there) lost();
  }, 2000);

  // -- what is on the screen

  const announced = new WeakSet();
  let newest = null;
  let spokenWait = 0;

  function tidy() {
    flush();
    const chat = by("onco-chat");
    if (!chat) { mark(); return; }
    const log = chat.querySelector("[role=log]");
    if (log) {
      // Streamed text would be read word by word; our own region speaks once, when the answer is whole.
      if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
      if (log.getAttribute("aria-label") !== words.conversation) log.setAttribute("aria-label", words.conversation);
    }
    // Gradio labels each message with its raw HTML.
    chat.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]").forEach((node) => node.removeAttribute("aria-label"));
    const all = messages();
    const last = all.findLast((message) => message.role === "user");
    if (restoring && all.length) {
      restoring = false;
      newest = last?.node ?? null;
      all.forEach(({ node }) => announced.add(node));
      by("onco-waiting").hidden = true;
      requestAnimationFrame(() => last && toTop(chat, last.node));
    } else if (last && last.node !== newest && pending && last.text.trim() === pending.text) {
      newest = last.node;
      pending = null;
      by("onco-waiting").hidden = true;
      arrive(chat, last.node);
    }
    mark();
    const answer = all.at(-1)?.role === "assistant" ? all.at(-1).node : null;
    if (answer?.dataset.state === "done" && !announced.has(answer)) {
      announced.add(answer);
      announce(answer);
      save();
    } else if (last && running() && last.text !== tidy.saved) {
      tidy.saved = last.text;
      save();
    }
    window.onco.visit?.refresh(all);
    pin(all);
  }

  function mark() {
    const started = running() || messages().length > 0;
    if (document.body.dataset.started !== String(started)) document.body.dataset.started = String(started);
    const turn = running() ? "running" : "idle";
    if (document.body.dataset.turn !== turn) document.body.dataset.turn = turn;
  }

  // An alert speaks for itself, at once, and is seen at once. Anything else is read once, politely, without its sources.
  function announce(answer) {
    const alert = answer.querySelector("[role=alert]");
    if (alert) {
      if (alert.getBoundingClientRect().top > innerHeight / 2) alert.scrollIntoView({ block: "start", behavior: "instant" });
      return;
    }
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".onco-cite, .onco-tools, .onco-hidden").forEach((node) => node.remove());
    const parts = [...copy.querySelectorAll(answer.matches(".onco-error") ? "h3, p" : ":scope > section.onco-part, :scope > section.onco-upload p:not(:has(a))")];
    say([words.ready, ...parts.map((part) => part.textContent.replace(/\s+/g, " ").trim())].join(" "));
  }

  // The button that was used may be gone now: focus goes where the answer will stand, or stays in the box of who types.
  function arrive(chat, asked) {
    const row = asked.closest(".message-row") ?? asked;
    if (matchMedia("(pointer: fine)").matches && [by("onco-question"), document.body].includes(document.activeElement)) {
      by("onco-question").focus({ preventScroll: true });
    } else {
      row.tabIndex = -1;
      row.focus({ preventScroll: true });
    }
    toTop(chat, row);
    spokenWait = setTimeout(() => { if (running()) say(words.still_checking); }, SPOKEN_AFTER_MS);
  }

  // The newest question goes to the top and stays there: the answer grows below it, and nobody has to chase the text.
  function toTop(chat, row) {
    // Where there is somebody to call, the bar with the numbers will stand over what scrolls.
    if (by("onco-pinned").querySelector("a")) by("onco-pinned").hidden = false;
    const height = (node) => (node && !node.hidden && ["sticky", "fixed", "absolute"].includes(getComputedStyle(node).position) ? node.offsetHeight : 0);
    const above = height(by("onco-header")) - tuck() + height(by("onco-pinned"));
    root.style.setProperty("--onco-above", `${above}px`);
    chat.style.minHeight = `${row.getBoundingClientRect().top - chat.getBoundingClientRect().top + innerHeight - above - height(by("onco-composer"))}px`;
    requestAnimationFrame(() => row.scrollIntoView({ block: "start", behavior: "instant" }));
  }

  // -- whom to call stays in view: when the card of an escalation has scrolled away, its numbers stand under the header

  function pin(all) {
    const cards = all.filter(({ node }) => node.dataset.action === "escalate").map(({ node }) => node.querySelector(".onco-urgent")).filter(Boolean);
    const bar = by("onco-pinned");
    const links = new Map();
    [...cards].reverse().forEach((card) => card.querySelectorAll("a[href^='tel:'], a[href^='sms:']").forEach((link) => links.set(link.getAttribute("href"), link)));
    const heading = cards.at(-1)?.querySelector("h3")?.textContent ?? "";
    const is = `${heading}|${[...links.keys()]}`;
    if (bar.dataset.is !== is) {
      bar.dataset.is = is;
      const title = document.createElement("strong");
      title.textContent = heading;
      const row = document.createElement("div");
      row.className = "onco-row";
      [...links.values()].slice(0, 4).forEach((link) => row.append(link.cloneNode(true)));
      bar.replaceChildren(title, row);
    }
    // What counts is the number itself: on a small phone the card may be in view and its button still below.
    const box = (cards.at(-1)?.querySelector("a[href^='tel:'], a[href^='sms:']") ?? cards.at(-1))?.getBoundingClientRect();
    const floor = Math.min(innerHeight, by("onco-composer").getBoundingClientRect().top);
    const seen = box && box.top < floor - 24 && box.bottom > by("onco-header").offsetHeight + 24;
    bar.hidden = !cards.length || Boolean(seen);
  }

  // -- the tab's memory

  function save() {
    const kept = messages().filter(({ role, node }) => role === "user" || node.dataset.state === "done").slice(-MOST_KEPT).map(({ role, node, text }) => {
      if (role === "user") return { role, content: text };
      const copy = node.cloneNode(true);
      copy.querySelectorAll(".onco-reasons").forEach((form) => form.remove());
      copy.querySelectorAll("details[open]").forEach((source) => source.removeAttribute("open"));
      return { role, content: copy.outerHTML };
    });
    store.write("chat", kept);
  }

  function restore() {
    const kept = store.read("chat");
    if (!Array.isArray(kept) || !kept.length) return;
    restoring = true;
    wait("", words.restoring);
    send({ do: "restore", messages: kept, detail: look.level, topic: root.dataset.topic || "" });
  }

  // -- the composer

  const area = by("onco-question");
  function grow() {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight + 4, Math.max(innerHeight * 0.3, 60))}px`;
  }
  function submit() {
    if (ask(area.value, { keep: editing })) {
      area.value = "";
      draft();
      grow();
    }
  }
  function stopEditing() {
    editing = null;
    by("onco-editing").hidden = true;
  }
  // What is typed and not sent outlives a reload: Gradio makes one when it has found its server again.
  function draft() { store.write("draft", area.value); }
  area.addEventListener("input", () => { grow(); draft(); });
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  by("onco-composer").addEventListener("submit", (event) => {
    event.preventDefault();
    submit();
  });
  by("onco-stop").addEventListener("click", () => {
    if (pending || restoring) lost(); // nothing has come yet
    by("onco-halt")?.click();
    // A sentence that was on its way may arrive after the stop and look like an answer still being written: stop that too.
    let again = 5;
    const asked = () => document.querySelectorAll("#onco-chat .onco-said").length;
    const before = asked();
    const halted = setInterval(() => {
      const streaming = [...document.querySelectorAll("#onco-chat article.onco-answer")].pop()?.dataset.state === "streaming";
      if (streaming && asked() === before) by("onco-halt")?.click();
      if ((again -= 1) <= 0 || asked() !== before) clearInterval(halted);
    }, 600);
    area.focus({ preventScroll: true });
  });
  by("onco-cancel").addEventListener("click", () => {
    stopEditing();
    area.value = "";
    grow();
    area.focus({ preventScroll: true });
  });
  function clear() {
    by("onco-clear")?.click();
    store.drop("chat");
    store.drop("draft");
    pending = broken = newest = waitingCommand = null;
    restoring = false;
    tidy.saved = "";
    by("onco-waiting").hidden = by("onco-lost").hidden = true;
    stopEditing();
    const chat = by("onco-chat");
    if (chat) chat.style.minHeight = "";
    scrollTo({ top: 0, behavior: "instant" });
    area.focus({ preventScroll: true });
  }
  by("onco-new").addEventListener("click", clear);

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    const what = button?.dataset.do;
    if (what === "ask") {
      ask(button.textContent);
    } else if (what === "edit") {
      const at = messages().findIndex(({ node }) => node === button.closest(".onco-asked"));
      editing = at;
      area.value = messages()[at].text;
      by("onco-editing").hidden = false;
      grow();
      area.focus();
      area.setSelectionRange(area.value.length, area.value.length);
    } else if (["again", "plain", "more"].includes(what)) {
      const question = questionOf(button.closest("article"));
      if (question) ask(question.text, { keep: question.at, detail: what === "again" ? look.level : what });
    } else if (event.target.closest("a.onco-skip")) {
      event.preventDefault();
      area.focus();
    }
  });

  // -- start

  // Keeps the box above an on-screen keyboard that covers the page instead of shrinking it.
  const view = window.visualViewport;
  const keyboard = () => root.style.setProperty("--onco-keyboard", `${Math.max(0, Math.round(innerHeight - view.height - view.offsetTop))}px`);
  if (view) {
    view.addEventListener("resize", keyboard);
    view.addEventListener("scroll", keyboard);
  }
  // Where header and composer would take half the screen, the header keeps its notice in view and tucks its first row away.
  function tuck() {
    const tight = by("onco-header").offsetHeight + by("onco-composer").offsetHeight > 0.44 * innerHeight;
    const height = tight ? document.querySelector(".onco-brand").offsetHeight : 0;
    root.style.setProperty("--onco-tuck", `${height}px`);
    return height;
  }
  new ResizeObserver(() => root.style.setProperty("--onco-composer", `${by("onco-composer").offsetHeight}px`)).observe(by("onco-composer"));
  let queued = false;
  const soon = () => {
    if (queued) return;
    queued = true;
    queueMicrotask(() => { queued = false; tidy(); });
  };
  new MutationObserver((records) => {
    if (records.some(({ target }) => by("onco-chat")?.contains(target))) changed = Date.now();
    soon();
  }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state", "aria-live", "aria-label"] });
  addEventListener("scroll", () => pin(messages()), { passive: true });
  addEventListener("resize", () => { grow(); tuck(); pin(messages()); });
  root.addEventListener("onco:look", () => { grow(); tuck(); });
  Object.assign(window.onco, { ask, clear, running });
  area.value = store.read("draft") || area.value;
  grow();
  restore();
  tidy();
  tuck();
  document.body.dataset.ready = "true";
})();
