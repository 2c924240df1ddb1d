// Oncolantern on any page: a launcher with a frame, or a frame in the text. Options and a live builder: /embed/demo
(() => {
  "use strict";
  const script = document.currentScript;
  if (!script?.src) return;
  const base = new URL(".", script.src);
  const home = base.origin;
  const option = script.dataset;
  const SPANISH = { open: "Preguntas sobre el cáncer", close: "Cerrar", title: "Oncolantern, chat sobre el cáncer" };
  const ENGLISH = { open: "Questions about cancer", close: "Close", title: "Oncolantern, cancer chat" };
  const words = option.language === "es" ? SPANISH : ENGLISH;
  const inline = option.position === "inline";

  // The address of the frame: options travel as a query, so that no cookie and no storage is needed.
  const address = new URL(option.language === "es" ? "embed/es/" : "embed/", base);
  const passed = { theme: option.theme, accent: option.accent, greeting: option.greeting, starters: option.starters, topic: option.topic, records: option.recordsUrl };
  for (const [name, value] of Object.entries(passed)) if (value) address.searchParams.set(name, value);
  address.searchParams.set("frame", inline ? "inline" : "panel");

  // A colour only in the form #rrggbb; the ink on it is the one of black and white that reads better.
  const accent = /^#[0-9a-f]{6}$/i.test(option.accent || "") ? option.accent : "#17605c";
  const light = [1, 3, 5].map((at) => parseInt(accent.slice(at, at + 2), 16) / 255).map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
  const ink = 0.2126 * light[0] + 0.7152 * light[1] + 0.0722 * light[2] > 0.179 ? "#000" : "#fff";
  const side = option.position === "left" ? "left" : "right";

  // Constructed and not written into the page: a host that forbids inline styles allows it, and host styles cannot reach it.
  const STYLE = `
    :host { font: 16px/1.4 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif; }
    * { box-sizing: border-box; }
    [hidden] { display: none !important; }
    button { font: inherit; color: inherit; cursor: pointer; margin: 0; }
    button:focus-visible { outline: 3px solid #fff; box-shadow: 0 0 0 6px #111; outline-offset: 0; }
    .launch { position: fixed; ${side}: max(16px, env(safe-area-inset-${side})); bottom: max(16px, env(safe-area-inset-bottom)); min-height: 52px; max-width: calc(100vw - 32px); padding: 10px 20px; border: 0; border-radius: 26px; background: ${accent}; color: ${ink}; font-weight: 650; box-shadow: 0 4px 18px rgb(0 0 0 / .28); }
    .panel { position: fixed; ${side}: 16px; bottom: 16px; width: 420px; height: min(720px, calc(100dvh - 32px)); max-width: calc(100vw - 32px); display: flex; flex-direction: column; overflow: hidden; border-radius: 18px; background: #fbf7f0; color: #2b2622; border: 1px solid rgb(0 0 0 / .18); box-shadow: 0 12px 44px rgb(0 0 0 / .34); }
    .bar { display: flex; align-items: center; justify-content: flex-end; flex: none; background: ${accent}; color: ${ink}; }
    .bar button { min-height: 44px; padding: 0 18px; border: 0; background: transparent; font-weight: 650; }
    .bar button:focus-visible { outline-color: ${ink}; outline-offset: -5px; box-shadow: none; }
    iframe { display: block; border: 0; width: 100%; flex: 1; min-height: 0; background: transparent; color-scheme: normal; }
    .inline iframe { height: 560px; border-radius: 14px; }
    @media (max-width: 520px), (max-height: 480px) { .panel { inset: 0; width: 100vw; height: 100dvh; max-width: none; border: 0; border-radius: 0; } }
    @media print { .launch, .panel { display: none; } }
    ${option.theme === "light" ? "" : `${option.theme === "dark" ? "" : "@media (prefers-color-scheme: dark) {"} .panel { background: #1a1714; color: #f1e9de; border-color: rgb(255 255 255 / .25); } ${option.theme === "dark" ? "" : "}"}`}
  `;

  const make = (name, set = {}) => Object.assign(document.createElement(name), set);
  const element = make("oncolantern-embed");
  const box = { all: "initial", display: "block", ...(inline ? { width: "100%" } : { position: "fixed", inset: "auto 0 0 auto", width: "0", height: "0", "z-index": "2147483000" }) };
  for (const [name, value] of Object.entries(box)) element.style.setProperty(name, value, "important");
  const root = element.attachShadow({ mode: "open" });
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets = [sheet];

  let frame, ready = false, opened = false, before = null;
  const waiting = [];
  const heard = [];

  function tell(type, detail = {}) {
    element.dispatchEvent(new CustomEvent(`oncolantern:${type}`, { bubbles: true, composed: true, detail }));
    for (const [name, listener] of heard) if (name === type) listener(detail);
  }
  function post(message) {
    if (ready || message.type === "hello") frame.contentWindow.postMessage({ oncolantern: 1, ...message }, home);
    else waiting.push(message);
  }
  function build() {
    if (frame) return;
    // By its name a frame finds its own conversation again, apart from that of another embed on the page.
    frame = make("iframe", { name: `oncolantern-${window.Oncolantern.embeds.indexOf(embed)}`, src: address.href, title: words.title, allow: "clipboard-write" });
    frame.addEventListener("load", () => { ready = false; post({ type: "hello" }); });
    panel.append(frame);
  }
  function open() {
    build();
    if (inline || opened) return;
    opened = true;
    before = document.activeElement;
    panel.hidden = false;
    launch.hidden = true;
    launch.setAttribute("aria-expanded", "true");
    frame.focus();
    post({ type: "focus" });
    tell("opened");
  }
  function close() {
    if (inline || !opened) return;
    opened = false;
    panel.hidden = true;
    launch.hidden = option.launcher === "hidden";
    launch.setAttribute("aria-expanded", "false");
    (launch.hidden ? before : launch)?.focus?.();
    tell("closed");
  }

  const panel = make("div", { className: inline ? "inline" : "panel", hidden: !inline });
  const launch = make("button", { className: "launch", type: "button", textContent: option.label || words.open, hidden: option.launcher === "hidden" });
  if (!inline) {
    panel.setAttribute("role", "dialog");
    panel.setAttribute("aria-label", words.title);
    launch.setAttribute("aria-haspopup", "dialog");
    launch.setAttribute("aria-expanded", "false");
    launch.addEventListener("click", open);
    const bar = make("div", { className: "bar" });
    const shut = make("button", { type: "button", textContent: `${words.close} ✕` });
    shut.setAttribute("aria-label", words.close);
    shut.addEventListener("click", close);
    bar.append(shut);
    panel.append(bar);
    root.addEventListener("keydown", (event) => { if (event.key === "Escape") close(); });
    root.append(launch);
  }
  root.append(panel);

  // Only our own frame, from our own address, is listened to.
  addEventListener("message", (event) => {
    if (event.origin !== home || !frame || event.source !== frame.contentWindow || event.data?.oncolantern !== 1) return;
    const { type, action, height } = event.data;
    if (type === "ready") {
      ready = true;
      tell("ready");
      waiting.splice(0).forEach(post);
    } else if (type === "close") {
      close();
    } else if (type === "resize" && Number.isFinite(height)) {
      if (inline) frame.style.height = `${Math.round(Math.min(Math.max(height, 320), Number(option.maxHeight) || 1200))}px`;
      tell("resize", { height });
    } else if (type === "answered") {
      tell("answered", { action: String(action) });
    } else if (["asked", "upload_requested"].includes(type)) {
      tell(type);
    }
  });

  const embed = {
    element,
    open,
    close,
    ask(text) { open(); post({ type: "ask", text: String(text) }); },
    theme(name) { build(); post({ type: "theme", theme: String(name) }); },
    on(type, listener) {
      const entry = [type, listener];
      heard.push(entry);
      return () => { const at = heard.indexOf(entry); if (at >= 0) heard.splice(at, 1); };
    },
  };
  // One global: the first embed's commands, and all of them by number.
  if (window.Oncolantern?.embeds) window.Oncolantern.embeds.push(embed);
  else window.Oncolantern = { ...embed, embeds: [embed] };

  const place = () => {
    const target = option.target && document.querySelector(option.target);
    if (target) target.append(element);
    else if (inline) script.after(element);
    else document.body.append(element);
    if (inline) build();
    else if (option.open === "true") open();
  };
  if (document.body && (inline || document.readyState !== "loading")) place();
  else addEventListener("DOMContentLoaded", place);
})();
