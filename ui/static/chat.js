// What the page does beyond Gradio: what a screen reader hears, citations, copying, counting, scrolling.
(() => {
  "use strict";
  const words = document.currentScript.dataset;
  const api = new URL("../api/v1/feedback", document.currentScript.src).href;
  const root = document.documentElement;

  // A page that embeds us may ask for a theme; anything else follows the device.
  const theme = new URLSearchParams(location.search).get("theme");
  if (theme === "dark" || theme === "light") root.dataset.theme = theme;

  // Gradio sets the browser's language; what matters is the language of the words.
  const setLanguage = () => { if (root.lang !== words.lang) root.lang = words.lang; };
  new MutationObserver(setLanguage).observe(root, { attributes: true, attributeFilter: ["lang"] });
  setLanguage();

  let region;
  const say = (text) => { if (!region) return; region.textContent = ""; setTimeout(() => { region.textContent = text; }, 50); };

  const announced = new WeakSet();
  let questions = 0;

  function tidy() {
    const chat = document.getElementById("onco-chat");
    if (!chat) return;
    const log = chat.querySelector("[role=log]");
    if (log) {
      // Streamed text would be read word by word; our own region speaks once, when the answer is whole.
      if (log.getAttribute("aria-live") !== "off") log.setAttribute("aria-live", "off");
      if (log.getAttribute("aria-label") !== words.conversation) log.setAttribute("aria-label", words.conversation);
    }
    // Gradio labels each message with its raw HTML.
    chat.querySelectorAll("[data-testid=user][aria-label], [data-testid=bot][aria-label]").forEach((node) => node.removeAttribute("aria-label"));
    const composer = document.getElementById("onco-composer");
    if (composer && !composer.dataset.seen) {
      composer.dataset.seen = "true";
      new ResizeObserver(() => root.style.setProperty("--onco-composer", `${composer.offsetHeight}px`)).observe(composer);
    }
    const asked = chat.querySelectorAll(".onco-said");
    const running = asked.length > 0 && waiting(chat, asked);
    document.body.dataset.started = String(asked.length > 0);
    document.body.dataset.turn = running ? "running" : "idle";
    if (asked.length > questions) {
      const row = asked[asked.length - 1].closest(".message-row");
      // The button that was used may be gone now. On a phone the keyboard goes, so that the answer can be seen.
      if (matchMedia("(pointer: coarse)").matches) document.activeElement?.blur();
      else document.querySelector("#onco-box textarea")?.focus({ preventScroll: true });
      toTop(chat, row || asked[asked.length - 1]);
    }
    questions = asked.length;
    chat.querySelectorAll("article.onco-answer[data-state=done]").forEach((answer) => {
      if (announced.has(answer)) return;
      announced.add(answer);
      if (answer !== lastAnswer(chat)) return;
      // An alert speaks for itself, at once, and is seen at once.
      const alert = answer.querySelector("[role=alert]");
      if (!alert) say(words.ready);
      else if (alert.getBoundingClientRect().top > innerHeight / 2) alert.scrollIntoView({ block: "start", behavior: "instant" });
    });
  }

  // The newest question goes to the top and stays there: the answer grows below it, and nobody has to chase the text.
  function toTop(chat, row) {
    const height = (id) => {
      const node = document.getElementById(id);
      return node && ["sticky", "fixed"].includes(getComputedStyle(node).position) ? node.offsetHeight : 0;
    };
    const above = height("onco-header");
    root.style.setProperty("--onco-above", `${above}px`);
    chat.style.minHeight = `${row.getBoundingClientRect().top - chat.getBoundingClientRect().top + innerHeight - above - height("onco-composer")}px`;
    requestAnimationFrame(() => row.scrollIntoView({ block: "start", behavior: "instant" }));
  }

  const lastAnswer = (chat) => [...chat.querySelectorAll("article.onco-answer")].pop();

  function waiting(chat, asked) {
    const answer = lastAnswer(chat);
    const question = asked[asked.length - 1];
    if (!answer || answer.compareDocumentPosition(question) & Node.DOCUMENT_POSITION_FOLLOWING) return true;
    return answer.dataset.state === "streaming";
  }

  // Citations open their source, and focus goes there.
  function openSource(link) {
    const source = document.getElementById(link.getAttribute("href").slice(1));
    if (!source) return;
    source.open = true;
    source.querySelector("summary").focus({ preventScroll: true });
    source.scrollIntoView({ block: "center", behavior: matchMedia("(prefers-reduced-motion: reduce)").matches ? "instant" : "smooth" });
  }

  // The text of an answer with its sources, as somebody would paste it.
  function plain(answer) {
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".onco-tools, h2.onco-hidden").forEach((node) => node.remove());
    copy.querySelectorAll(".onco-cite").forEach((node) => { node.textContent = `[${node.lastChild.textContent}]`; });
    copy.querySelectorAll("a[href^=http]").forEach((node) => { node.textContent = `${node.firstChild.textContent}: ${node.href}`; });
    copy.querySelectorAll("a[href^='tel:'] .onco-hidden, .onco-hidden").forEach((node) => node.remove());
    copy.querySelectorAll("details").forEach((node) => { node.open = true; });
    copy.querySelectorAll(".onco-number").forEach((node) => { node.textContent = `[${node.textContent}] `; });
    copy.querySelectorAll("li:not(:has(details))").forEach((node) => node.prepend("- "));
    copy.querySelectorAll("p, li, h3, h4, h5, blockquote, summary, section").forEach((node) => node.append("\n"));
    return copy.textContent.replace(/[ \t]+/g, " ").replace(/\n[ \n]+/g, "\n\n").trim();
  }

  async function copyText(text) {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      // A frame without the clipboard permission.
      const area = document.createElement("textarea");
      area.value = text;
      area.style.position = "fixed";
      area.style.opacity = "0";
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  }

  function count(button, answer) {
    const row = button.parentElement;
    if (row.dataset.rated) return;
    row.dataset.rated = "true";
    button.setAttribute("aria-pressed", "true");
    say(words.thanks);
    fetch(api, {
      method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" },
      body: JSON.stringify({ topic: answer.dataset.topic || "", action: answer.dataset.action || "", helpful: button.dataset.do === "helpful" }),
    }).catch(() => {});
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest("a.onco-cite");
    if (link) {
      event.preventDefault();
      openSource(link);
      return;
    }
    const skip = event.target.closest("a.onco-skip");
    if (skip) {
      event.preventDefault();
      document.querySelector("#onco-box textarea")?.focus();
      return;
    }
    const button = event.target.closest("button.onco-tool");
    if (!button) return;
    const answer = button.closest("article");
    if (button.dataset.do === "copy") {
      copyText(plain(answer)).then(() => {
        button.textContent = words.copied;
        say(words.copied);
        setTimeout(() => { button.textContent = words.copy; }, 2500);
      });
    } else {
      count(button, answer);
    }
  });

  // Keeps the box above an on-screen keyboard that covers the page instead of shrinking it.
  const view = window.visualViewport;
  const keyboard = () => root.style.setProperty("--onco-keyboard", `${Math.max(0, Math.round(innerHeight - view.height - view.offsetTop))}px`);
  if (view) {
    view.addEventListener("resize", keyboard);
    view.addEventListener("scroll", keyboard);
  }

  const start = () => {
    document.body.style.setProperty("--onco-followups", JSON.stringify(words.followups));
    region = document.getElementById("onco-live");
    let queued = false;
    new MutationObserver(() => {
      if (queued) return;
      queued = true;
      queueMicrotask(() => { queued = false; tidy(); });
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state", "aria-live", "aria-label"] });
    tidy();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
