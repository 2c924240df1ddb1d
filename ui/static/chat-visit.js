// My questions and what is printed: the visit sheet, one answer, the conversation. All made here; nothing is sent.
(() => {
  "use strict";
  const { words, store, say, fill, today, messages, questionOf, element } = window.onco;
  const by = (id) => document.getElementById(id);
  // What fits on one page beside room for notes.
  const MOST_QUESTIONS = 9;
  const MOST_LEARNED = 4;
  const MOST_CALL = 420;

  const kept = { questions: [], skipped: [], ...store.read("visit") };
  const write = () => store.write("visit", kept);
  const has = (text) => kept.questions.includes(text);

  function add(text) {
    const clean = text.trim().replace(/\s+/g, " ").slice(0, 300);
    if (!clean || has(clean)) return;
    kept.questions.push(clean);
    write();
    show();
    say(words.added);
  }
  function remove(text) {
    kept.questions = kept.questions.filter((question) => question !== text);
    write();
    show();
    say(words.removed);
  }

  // -- what was learned: each answered question with its bottom line, or its first sentence, and where that comes from

  function learned(all = messages()) {
    return all.filter(({ node }) => node.matches("article[data-action=answer]")).map(({ node }) => {
      const lines = [...node.querySelectorAll(".onco-standing > div")].slice(0, 2);
      const first = node.querySelector(".onco-part p, .onco-part li");
      const points = (lines.length ? lines : [first]).filter(Boolean).map(said);
      const sources = [...new Set([...node.querySelectorAll(".onco-from")].map((from) => from.textContent))].slice(0, 3);
      return { question: questionOf(node)?.text.trim() ?? "", points: lines.length ? points : points.map((text) => text.match(/^.*?[.!?](?=\s|$)/)?.[0] ?? text), sources };
    }).filter(({ question, points, sources }) => question && points.length && sources.length);
  }
  function said(node) {
    const copy = node.cloneNode(true);
    copy.querySelectorAll(".onco-cite, .onco-hidden").forEach((cite) => cite.remove());
    return copy.textContent.replace(/\s+/g, " ").replace(/\s([.,;:])/g, "$1").trim();
  }
  function calls(all = messages()) {
    const texts = [...new Set(all.flatMap(({ node }) => [...node.querySelectorAll(".onco-call")]).map((part) => {
      const copy = part.cloneNode(true);
      copy.querySelector("h3")?.remove();
      copy.querySelectorAll("li, p").forEach((line) => line.append(" "));
      return said(copy);
    }))];
    const fit = [];
    for (const text of texts.reverse()) if (!fit.length || fit.join(" ").length + text.length < MOST_CALL) fit.push(text);
    return fit;
  }

  // -- the panel

  function show() {
    const list = by("onco-visit-list");
    list.replaceChildren(...kept.questions.map((text) => {
      const button = element("button", { type: "button", class: "onco-second" }, words.remove, element("span", { class: "onco-hidden" }, `: ${text}`));
      button.addEventListener("click", () => {
        const at = kept.questions.indexOf(text);
        remove(text);
        (list.querySelectorAll("button")[Math.min(at, kept.questions.length - 1)] ?? by("onco-visit-new")).focus();
      });
      return element("li", {}, element("span", {}, text), button);
    }));
    by("onco-visit-none").hidden = kept.questions.length > 0;
    const count = by("onco-count");
    count.textContent = kept.questions.length ? ` (${kept.questions.length})` : "";
    refresh(messages(), true);
  }
  let shown = "";
  function refresh(all, force = false) {
    all.forEach(({ node }) => node.querySelectorAll(".onco-keep").forEach((button) => {
      const pressed = String(has(button.previousElementSibling.textContent));
      if (button.getAttribute("aria-pressed") === pressed) return;
      button.setAttribute("aria-pressed", pressed);
      button.textContent = pressed === "true" ? words.kept : words.keep;
    }));
    const points = learned(all);
    const is = JSON.stringify(points.map(({ question }) => question));
    if (is === shown && !force) return;
    shown = is;
    const field = by("onco-visit-learned");
    field.hidden = points.length === 0;
    field.querySelector("div").replaceChildren(...points.map(({ question }) => {
      const box = element("input", { type: "checkbox" });
      box.checked = !kept.skipped.includes(question);
      box.addEventListener("change", () => {
        kept.skipped = box.checked ? kept.skipped.filter((one) => one !== question) : [...kept.skipped, question];
        write();
      });
      return element("label", { class: "onco-check" }, box, element("span", {}, question));
    }));
  }

  // -- the sheet

  function sheet() {
    const asked = kept.questions.slice(0, MOST_QUESTIONS);
    const rest = kept.questions.length - asked.length;
    const points = learned().filter(({ question }) => !kept.skipped.includes(question)).slice(-MOST_LEARNED);
    const when = calls();
    const part = (name, heading, ...children) => element("section", { class: name }, element("h2", {}, heading), ...children);
    return element("div", { class: "sheet" },
      element("header", {}, element("h1", {}, words.sheet_title), element("p", {}, `${words.sheet_name} ____________________   ${today()}`)),
      part("sheet-questions", words.questions, element("ol", {}, ...(asked.length ? asked : ["", "", ""]).map((text) => element("li", {}, text))),
        ...(rest ? [element("p", {}, fill(words.sheet_more, { n: rest }))] : [])),
      ...(points.length ? [part("sheet-learned", words.learned, element("ul", {}, ...points.map(({ question, points: lines, sources }) => element("li", {},
        element("strong", {}, question), " ", lines.join(" "), " ", element("em", {}, `(${sources.join("; ")})`)))))] : []),
      part("sheet-when", words.sheet_when, ...(when.length ? when : [words.sheet_no_calls]).map((text) => element("p", {}, text))),
      part("sheet-notes", words.sheet_notes, element("div", {})),
      element("footer", {}, fill(words.sheet_foot, { site: words.site })));
  }

  // -- printing: what is printed lies ready in a place of its own, and the page steps aside

  function print(kind, title, ...nodes) {
    const place = by("onco-print");
    const name = document.title;
    place.replaceChildren(...nodes);
    place.hidden = false;
    document.body.dataset.print = kind;
    document.title = title; // the name of the PDF
    addEventListener("afterprint", () => {
      delete document.body.dataset.print;
      document.title = name;
      place.hidden = true;
      place.replaceChildren();
    }, { once: true });
    window.print();
  }
  function clean(answer) {
    const copy = answer.cloneNode(true);
    copy.querySelectorAll(".onco-tools, .onco-reasons, .onco-followups, .onco-meanings, .onco-keep, h2.onco-hidden, .onco-hidden").forEach((node) => node.remove());
    copy.querySelectorAll(".onco-term").forEach((node) => node.replaceWith(node.textContent));
    copy.querySelectorAll("details").forEach((node) => { node.open = true; });
    // On paper an address must be read.
    copy.querySelectorAll("a[href^=http]").forEach((node) => node.after(element("span", { class: "print-address" }, ` ${node.href}`)));
    copy.querySelectorAll("[id]").forEach((node) => node.removeAttribute("id"));
    copy.removeAttribute("id");
    return copy;
  }
  const top = () => element("p", { class: "print-top" }, fill(words.printed, { site: words.site, date: today() }), element("br"), words.notice);
  function printAnswer(answer) {
    const question = questionOf(answer)?.text.trim() || words.answer_title;
    print("answer", question.slice(0, 80), top(), element("h1", {}, question.slice(0, 400)), clean(answer));
  }
  function printAll() {
    by("onco-menu").close();
    const all = messages().filter(({ role, node }) => role === "user" || node.dataset.state === "done");
    print("answer", words.conversation_title, top(), ...all.map(({ role, node, text }) => (role === "user" ? element("h1", {}, text.trim()) : clean(node))));
  }

  async function save() {
    // The file carries its own style and opens in any browser.
    const style = await (await fetch(document.querySelector("link[href*='print.css']").href)).text();
    const page = `<!doctype html><html lang="${words.lang}"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title></title><style></style><body data-print="sheet" class="saved"><div id="onco-print"></div></body></html>`;
    const made = new DOMParser().parseFromString(page, "text/html");
    made.title = words.sheet_title;
    made.querySelector("style").textContent = style;
    made.getElementById("onco-print").append(made.adoptNode(sheet()));
    const link = element("a", { download: `${words.sheet_title}.html`, href: URL.createObjectURL(new Blob([`<!doctype html>${made.documentElement.outerHTML}`], { type: "text/html" })) });
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  by("onco-visit-form").addEventListener("submit", (event) => {
    event.preventDefault();
    add(by("onco-visit-new").value);
    by("onco-visit-new").value = "";
    by("onco-visit-new").focus();
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-do]");
    const what = button?.dataset.do;
    if (what === "keep") {
      const text = button.previousElementSibling.textContent;
      if (has(text)) remove(text);
      else add(text);
    } else if (what === "sheet-print") {
      by("onco-visit").close();
      print("sheet", words.sheet_title, sheet());
    } else if (what === "sheet-save") {
      save();
    } else if (what === "sheet-clear") {
      kept.questions = [];
      write();
      show();
      say(words.removed);
      by("onco-visit-new").focus();
    } else if (what === "print") {
      printAnswer(button.closest("article"));
    } else if (what === "print-all") {
      printAll();
    }
  });
  function forget() {
    kept.questions = [];
    kept.skipped = [];
    show();
  }
  window.onco.visit = { refresh, forget };
  show();
})();
