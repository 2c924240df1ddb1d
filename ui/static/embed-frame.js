// Inside the frame: reads the options in its address, obeys its host page and tells it what happened, never what was said.
(() => {
  "use strict";
  const mine = document.currentScript.dataset;
  const root = document.documentElement;
  const query = new URLSearchParams(location.search);
  const framed = parent !== window;
  const MAX_TEXT = 300;
  const MAX_STARTERS = 6;

  // The sites that may frame us, as the server's frame-ancestors has them; `https://*.example.org` is every subdomain.
  const allowed = [location.origin, ...JSON.parse(mine.origins)];
  const permits = (origin) => allowed.some((rule) => {
    if (!rule.includes("*")) return rule === origin;
    const [scheme, rest] = rule.split("*");
    return origin.startsWith(scheme) && origin.endsWith(rest) && origin.length > rule.length - 1;
  });

  if (query.get("frame") === "inline") root.dataset.embed = "inline";
  else if (query.get("frame") === "panel") root.dataset.embed = "panel";

  // -- accent: the nearest shade of the wished-for colour that can be read on our paper
  const channel = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (rgb) => 0.2126 * channel(rgb[0] / 255) + 0.7152 * channel(rgb[1] / 255) + 0.0722 * channel(rgb[2] / 255);
  const contrast = (a, b) => (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
  const hex = (rgb) => `#${rgb.map((part) => Math.round(part).toString(16).padStart(2, "0")).join("")}`;
  function readable(rgb, paper) {
    const goal = luminance(paper) > 0.5 ? 0 : 255;
    let shade = rgb;
    for (let step = 0; step < 40 && contrast(luminance(shade), luminance(paper)) < 4.6; step += 1) shade = shade.map((part) => part + (goal - part) * 0.08);
    return shade;
  }
  const LIGHT = [251, 247, 240];
  const DARK = [26, 23, 20];
  function paint() {
    const wish = query.get("accent") || "";
    if (!/^#[0-9a-f]{6}$/i.test(wish)) return;
    const rgb = [1, 3, 5].map((at) => parseInt(wish.slice(at, at + 2), 16));
    const dark = root.dataset.theme === "dark" || (root.dataset.theme !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
    const shade = readable(rgb, dark ? DARK : LIGHT);
    const ink = contrast(luminance(shade), 1) >= 4.5 ? "#ffffff" : "#000000";
    for (const [name, value] of [["accent", hex(shade)], ["button", hex(shade)], ["link", hex(shade)], ["on-button", ink]]) root.style.setProperty(`--onco-${name}`, value);
  }
  function setTheme(name) {
    if (name === "light" || name === "dark") root.dataset.theme = name;
    else if (name === "auto") delete root.dataset.theme;
    paint();
  }
  setTheme(query.get("theme"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", paint);
  paint();
  root.addEventListener("onco:look", paint);

  // -- the host page
  let host = null;
  const tell = (type, more = {}) => { if (host) parent.postMessage({ oncolantern: 1, type, ...more }, host); };
  const box = () => document.querySelector("#onco-box textarea");

  function ask(text) {
    const area = box();
    const asked = String(text).trim();
    if (!area || !asked) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(area, asked.slice(0, area.maxLength > 0 ? area.maxLength : undefined));
    area.dispatchEvent(new Event("input", { bubbles: true }));
    setTimeout(() => document.getElementById("onco-send")?.click(), 60);
  }
  const whenReady = (act) => {
    if (box()) { act(); return; }
    const watch = new MutationObserver(() => { if (box()) { watch.disconnect(); act(); } });
    watch.observe(root, { childList: true, subtree: true });
  };

  addEventListener("message", (event) => {
    // The parent window alone, and only from a site that the server lets frame us.
    if (!framed || event.source !== parent || !permits(event.origin) || event.data?.oncolantern !== 1) return;
    const { type, text, theme } = event.data;
    if (type === "hello") {
      host = event.origin;
      whenReady(() => { tell("ready"); measure(); });
    } else if (!host) {
      return;
    } else if (type === "ask") {
      whenReady(() => ask(text));
    } else if (type === "theme") {
      setTheme(theme);
    } else if (type === "focus" && matchMedia("(pointer: fine)").matches) {
      whenReady(() => box().focus({ preventScroll: true }));
    }
  });
  addEventListener("keydown", (event) => { if (event.key === "Escape" && !event.defaultPrevented && root.dataset.embed === "panel") tell("close"); });

  // -- what happened: a question (without its words), an answer (its action alone), the way to the upload
  let questions = 0;
  const told = new WeakSet();
  function watch() {
    const asked = document.querySelectorAll("#onco-chat .onco-said").length;
    if (asked > questions) tell("asked");
    questions = asked;
    document.querySelectorAll("#onco-chat article.onco-answer[data-state=done]").forEach((answer) => {
      if (told.has(answer)) return;
      told.add(answer);
      tell("answered", { action: answer.dataset.action || "" });
      pointRecords(answer);
    });
  }

  // A host's own upload address counts only at a site that may frame us: an address in a link must not send people anywhere.
  function records() {
    try {
      const wish = new URL(query.get("records") || "");
      return framed && permits(wish.origin) ? wish.href : null;
    } catch {
      return null;
    }
  }
  const upload = records();
  function pointRecords(answer) {
    if (upload) answer.querySelectorAll(".onco-upload a").forEach((link) => { link.href = upload; });
  }
  document.addEventListener("click", (event) => { if (event.target.closest(".onco-upload a")) tell("upload_requested"); });

  // -- greeting and starters: words of the host site, shown only inside its page, as text
  const short = (text) => text.trim().slice(0, MAX_TEXT);
  function welcome(topic) {
    const section = document.querySelector(".onco-welcome");
    const own = framed ? (query.get("starters") || "").split("|").map(short).filter(Boolean).slice(0, MAX_STARTERS) : [];
    const starters = own.length ? own : (topic?.starters ?? []);
    const greeting = framed && short(query.get("greeting") || "");
    if (greeting) {
      const line = document.createElement("p");
      line.className = "onco-greeting";
      line.textContent = greeting;
      section.querySelector(".onco-tagline").after(line);
    }
    if (topic) {
      section.querySelector(".onco-tagline").textContent = topic.name;
      root.dataset.topic = query.get("topic");
    }
    if (!starters.length) return;
    const row = document.createElement("div");
    row.className = "onco-own-starters";
    starters.forEach((text) => {
      const button = document.createElement("button");
      button.type = "button";
      button.textContent = text;
      button.addEventListener("click", () => ask(text));
      row.append(button);
    });
    section.append(row);
    root.dataset.starters = "own";
  }

  // -- height, for frames that stand in the text of a page
  function measure() {
    if (root.dataset.embed === "inline") tell("resize", { height: document.body.getBoundingClientRect().height });
  }

  const start = async () => {
    let queued = false;
    new MutationObserver(() => {
      if (queued) return;
      queued = true;
      setTimeout(() => { queued = false; watch(); }); // no frame is drawn for a part of the page that is out of view
    }).observe(document.body, { childList: true, subtree: true, attributes: true, attributeFilter: ["data-state"] });
    new ResizeObserver(measure).observe(document.body);
    const named = query.get("topic");
    let topic = null;
    if (named) {
      try {
        topic = (await (await fetch(mine.topics)).json())[named] || null;
      } catch {
        topic = null; // without the list the page opens as it always does
      }
      if (!topic) console.warn(`Oncolantern: no topic "${short(named)}"; ${new URL(mine.topics, location.href)} lists those that there are`);
    }
    welcome(topic);
    // The other language keeps what the host page asked for.
    document.querySelectorAll("a.onco-language").forEach((link) => { link.search = location.search; });
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
