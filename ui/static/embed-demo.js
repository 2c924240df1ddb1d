// The live builder: options in, a real preview and the line to copy out.
(() => {
  "use strict";
  const address = document.currentScript.dataset.address;
  const form = document.getElementById("options");
  const preview = document.getElementById("preview");
  const stage = document.getElementById("stage");
  const events = document.getElementById("events");
  const quoted = (text) => text.replace(/&/g, "&amp;").replace(/"/g, "&quot;").replace(/</g, "&lt;");
  const IN_ADDRESS = { theme: "theme", accent: "accent", greeting: "greeting", starters: "starters", topic: "topic", "records-url": "records" };

  function options() {
    const set = {};
    for (const [name, value] of new FormData(form)) {
      const text = String(value).trim();
      if (!text || name === "preview" || (name === "accent" && text === "#17605c")) continue;
      set[name] = name === "starters" ? text.split("\n").map((line) => line.trim()).filter(Boolean).join(" | ") : text;
    }
    return set;
  }

  function show() {
    const set = options();
    stage.className = form.elements.preview.value;
    const attributes = Object.entries(set).map(([name, value]) => ` data-${name}="${quoted(value)}"`).join("");
    document.getElementById("code").textContent = `<script src="${address}/embed.js"${attributes}></` + "script>";
    const query = new URLSearchParams(Object.entries(set).filter(([name]) => IN_ADDRESS[name]).map(([name, value]) => [IN_ADDRESS[name], value]));
    const tail = query.size ? `?${query}` : "";
    document.getElementById("frame-code").textContent = `<iframe src="${quoted(`${address}/embed/${set.language === "es" ? "es/" : ""}${tail}`)}" title="${set.language === "es" ? "Oncolantern, chat sobre el cáncer" : "Oncolantern, cancer chat"}" width="100%" height="640" style="border:0"></iframe>`;
    preview.src = `demo/host?${new URLSearchParams(set)}`;
  }

  function hear(type, detail) {
    events.querySelector(".none")?.remove();
    const line = document.createElement("li");
    const more = type === "answered" ? ` (${detail.action})` : type === "resize" ? ` (${Math.round(detail.height)} px)` : "";
    line.textContent = `${type}${more}`;
    events.prepend(line);
    while (events.children.length > 12) events.lastElementChild.remove();
  }

  preview.addEventListener("load", () => {
    const inner = preview.contentDocument;
    ["ready", "opened", "closed", "asked", "answered", "upload_requested", "resize"].forEach((type) => inner?.addEventListener(`oncolantern:${type}`, (event) => hear(type, event.detail)));
  });
  document.querySelectorAll("[data-command]").forEach((button) => button.addEventListener("click", () => {
    const embed = preview.contentWindow.Oncolantern;
    const say = { ask: "What is a biopsy?", theme: "dark" }[button.dataset.command];
    embed?.[button.dataset.command](say);
  }));
  document.getElementById("copy").addEventListener("click", async () => {
    const code = document.getElementById("code");
    try {
      await navigator.clipboard.writeText(code.textContent);
    } catch {
      getSelection().selectAllChildren(code);
      document.execCommand("copy");
    }
    document.getElementById("copied").textContent = "Copied.";
  });
  let later;
  form.addEventListener("input", () => { clearTimeout(later); later = setTimeout(show, 250); });
  form.addEventListener("submit", (event) => event.preventDefault());
  show();
})();
