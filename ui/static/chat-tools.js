// What can be done with an answer: copy, read aloud, helpful or not and why, take the question to the upload.
(() => {
  "use strict";
  const { words, say } = window.onco;
  const root = document.documentElement;

  // -- copy: the text of an answer with its sources, as somebody would paste it

  function plain(answer) {
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".onco-tools, .onco-reasons, .onco-followups, .onco-meanings, .onco-keep, h2.onco-hidden").forEach((node) => node.remove());
    copy.querySelectorAll(".onco-term").forEach((node) => node.replaceWith(node.textContent));
    copy.querySelectorAll(".onco-cite").forEach((node) => { node.textContent = `[${node.lastChild.textContent}]`; });
    copy.querySelectorAll("a[href^=http]").forEach((node) => { node.textContent = `${node.firstChild.textContent}: ${node.href}`; });
    copy.querySelectorAll(".onco-hidden").forEach((node) => node.remove());
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

  // -- read aloud: only voices that live on the device; the others send the text to somebody

  const speech = window.speechSynthesis;
  const voiceFor = (lang) => speech?.getVoices().find((voice) => voice.localService && voice.lang.toLowerCase().startsWith(lang));
  const findVoices = () => { root.dataset.speaks = ["en", "es"].filter(voiceFor).join(" "); };
  speech?.addEventListener?.("voiceschanged", findVoices);
  findVoices();
  let reading = null;
  function quiet() {
    speech.cancel();
    if (reading) reading.textContent = words.read;
    reading = null;
  }
  function read(button, answer) {
    const again = reading === button;
    if (reading) quiet();
    if (again) return;
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".onco-cite, .onco-tools, .onco-reasons, .onco-hidden, .onco-mark, .onco-keep, .onco-sources, .onco-guidelines, .onco-services, .onco-meanings, .onco-followups").forEach((node) => node.remove());
    // By sentence: browsers break off a long text.
    const pieces = [...copy.querySelectorAll("h3, h4, p, li")].filter((node) => !node.querySelector("p, li"))
      .flatMap((node) => node.textContent.match(/[^.!?]+[.!?]*\s*/g) ?? []).map((text) => text.trim()).filter(Boolean);
    if (!pieces.length) return;
    reading = button;
    button.textContent = words.stop_reading;
    pieces.forEach((text, at) => {
      const said = new SpeechSynthesisUtterance(text);
      said.lang = answer.lang;
      said.voice = voiceFor(answer.lang);
      said.rate = 0.95;
      if (at === pieces.length - 1) said.onend = () => { if (reading === button) quiet(); };
      speech.speak(said);
    });
  }
  addEventListener("pagehide", () => speech?.cancel());

  // -- thumbs: a count by topic and action; a reason is a count too; own words only with consent

  const REASONS = { helpful: ["clear", "answered", "calming"], "not-helpful": ["wrong", "unclear", "missing", "off", "tone"] };
  const post = (path, body) => fetch(`${words.root}api/v1/${path}`, {
    method: "POST", credentials: "omit", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body),
  }).catch(() => {});

  function count(button, answer) {
    const row = button.parentElement;
    if (row.dataset.rated) return;
    row.dataset.rated = "true";
    button.setAttribute("aria-pressed", "true");
    row.querySelectorAll("[data-do$=helpful]:not([aria-pressed=true])").forEach((other) => { other.hidden = true; });
    const about = { topic: answer.dataset.topic || "", action: answer.dataset.action || "", helpful: button.dataset.do === "helpful" };
    say(words.thanks);
    post("feedback", about);
    row.after(reasonForm(about, button));
  }

  function element(name, attributes = {}, ...children) {
    const node = document.createElement(name);
    Object.entries(attributes).forEach(([key, value]) => { if (value === true) node.setAttribute(key, ""); else if (value !== false) node.setAttribute(key, value); });
    node.append(...children);
    return node;
  }

  let forms = 0;
  function reasonForm(about, button) {
    const id = `onco-reason-${forms += 1}`;
    const choices = REASONS[button.dataset.do].map((key) => element("label", {}, element("input", { type: "radio", name: id, value: key }), element("span", {}, words.reason[key])));
    const text = element("textarea", { id: `${id}-text`, rows: "2", maxlength: "500", autocomplete: "off" });
    const consent = element("input", { type: "checkbox" });
    const send = element("button", { type: "submit", class: "onco-first" }, words.send_reason);
    const no = element("button", { type: "button", class: "onco-second" }, words.no_thanks);
    const form = element("form", { class: "onco-reasons", novalidate: true },
      element("p", { class: "onco-thanks" }, words.thanks),
      element("fieldset", {}, element("legend", {}, about.helpful ? words.reasons_helpful : words.reasons_not), element("div", { class: "onco-choice onco-wrap" }, ...choices)),
      element("label", { for: `${id}-text` }, words.tell_us), text,
      element("label", { class: "onco-check" }, consent, element("span", {}, words.consent)),
      element("div", { class: "onco-row" }, send, no));
    // Words without consent are not sent, and the form says so by what it offers.
    const able = () => { send.disabled = !form.querySelector("input[type=radio]:checked") && !(text.value.trim() && consent.checked); };
    form.addEventListener("input", able);
    able();
    const end = (sent) => {
      form.replaceChildren(element("p", { class: "onco-thanks" }, sent ? words.reason_thanks : words.thanks));
      button.focus({ preventScroll: true });
    };
    no.addEventListener("click", () => end(false));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      const reason = form.querySelector("input[type=radio]:checked")?.value ?? "";
      const said = consent.checked ? text.value.trim() : "";
      if (!reason && !said) return;
      post("feedback/reason", { ...about, reason, text: said, consent: consent.checked });
      say(words.reason_thanks);
      end(true);
    });
    return form;
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.onco-tool");
    const answer = button?.closest("article");
    const what = button?.dataset.do;
    if (what === "copy") {
      copyText(plain(answer)).then(() => {
        button.textContent = words.copied;
        say(words.copied);
        setTimeout(() => { button.textContent = words.copy; }, 2500);
      });
    } else if (what === "read") {
      read(button, answer);
    } else if (what === "helpful" || what === "not-helpful") {
      count(button, answer);
    }
  });
  // -- the way to our own upload page: the question and its language go along behind the #, which no server sees; there it can be changed or
  //    taken out before anything is sent. A service elsewhere learns nothing.

  function carry(event) {
    const link = event.target.closest(".onco-upload a");
    const answer = link?.closest("article");
    const plainly = link?.getAttribute("href");
    if (!answer || link.origin !== location.origin || !link.pathname.endsWith("/records")) return;
    const address = new URL(link.href);
    address.searchParams.set("lang", answer.lang);
    address.hash = new URLSearchParams({ question: window.onco.questionOf(answer)?.text.trim() ?? "" });
    link.href = address.href;
    setTimeout(() => link.setAttribute("href", plainly));
  }
  document.addEventListener("click", carry);
  document.addEventListener("auxclick", carry);
  window.onco.element = element;
})();
