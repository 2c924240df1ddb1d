// Makes the upload forms kinder: a list of files with progress for each, a way to stop, sending that goes on after a lost
// connection or a reload. Without this script they work as plain forms.
import { Refusal, Sending, printOf } from "./records-send.js";

const by = (id) => document.getElementById(id);
const element = (name, text, className) => {
  const made = document.createElement(name);
  if (text) made.textContent = text;
  if (className) made.className = className;
  return made;
};
const size = (bytes) => bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
const fill = (text, blanks) => Object.entries(blanks).reduce((whole, [name, value]) => whole.replace(`{${name}}`, value), text);

const copyButton = () => {
  const copy = by("copy");
  if (!copy || !navigator.clipboard) return;
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(`${by("reference").textContent.trim()} ${by("pin").textContent.trim()}`);
    copy.textContent = copy.dataset.copied;
  });
};

const start = () => {
  copyButton();
  const form = by("upload");
  if (form) new Form(form);
};

// Puts another page of ours in the place of this one, without a reload that would lose what is shown once.
const show = (html, focus) => {
  const page = new DOMParser().parseFromString(html, "text/html");
  const main = page.getElementById("main");
  if (!main) return false;
  document.title = page.title;
  by("main").replaceChildren(...main.children);
  if (!page.getElementById("languages")) by("languages")?.remove();
  start();
  (by(focus) || by("main").querySelector("h1"))?.focus();
  scrollTo(0, 0);
  return true;
};

class Form {
  constructor(form) {
    this.form = form;
    this.words = form.dataset;
    this.input = by("files");
    this.label = by("send").textContent;
    this.chosen = [];
    this.sending = null;
    this.query = new URL(form.action).search;
    this.reference = form.elements.reference?.value || "";
    // The list below says what is chosen; the field's own "no file chosen" would contradict it.
    this.input.classList.add("listed");
    this.input.addEventListener("change", () => this.choose(this.input.files));
    form.addEventListener("submit", (event) => { event.preventDefault(); this.submit(); });
    by("cancel").addEventListener("click", () => this.cancel());
    by("start-over").addEventListener("click", () => this.startOver());
    this.leaving = (event) => { if (this.sending) event.preventDefault(); };
    addEventListener("beforeunload", this.leaving);
    this.carried();
    this.unfinished();
  }

  // A question may travel along from the chat behind the #, where no server and no log sees it.
  carried() {
    const question = new URLSearchParams(location.hash.slice(1)).get("question");
    const field = by("question");
    if (!question || !field) return;
    field.value = question.slice(0, field.maxLength);
    by("carried").hidden = false;
    field.setAttribute("aria-describedby", "carried");
    history.replaceState(null, "", location.pathname + location.search);
  }

  // -- what was cut off, kept in this tab alone

  get place() { return `onco-upload${this.reference}`; }

  remember(draft) {
    try { draft ? sessionStorage.setItem(this.place, JSON.stringify(draft)) : sessionStorage.removeItem(this.place); } catch { /* private windows may refuse */ }
  }

  async unfinished() {
    let draft = null;
    try { draft = JSON.parse(sessionStorage.getItem(this.place)); } catch { /* nothing kept */ }
    if (!draft?.id || !draft.token) return;
    const asking = this.sender();
    asking.draft = draft;
    try {
      const answer = await asking.ask("GET", `/${draft.id}${this.query}`);
      if (answer.status === 410 || answer.status === 404) return this.remember(null);
    } catch { return; }
    this.cut = draft;
    by("unfinished").hidden = false;
    by("send").textContent = this.words.goOn;
    this.form.classList.add("cut");
    this.form.elements.consent.required = false;
    this.draw();
  }

  startOver() {
    const old = this.sender();
    old.draft = this.cut;
    old.discard();
    this.remember(null);
    location.reload();
  }

  // -- the list

  async choose(files) {
    this.trouble("");
    for (const file of [...files]) {
      const same = (entry) => entry.file?.name === file.name && entry.file.size === file.size && entry.file.lastModified === file.lastModified;
      if (!this.chosen.some(same)) this.chosen.push({ file, name: file.name });
    }
    this.input.value = "";
    this.draw();
    if (!this.cut) return;
    // Sending waits for this, and so must the browser's own "choose a file".
    this.input.required = false;
    this.matching = this.match();
    await this.matching;
  }

  // Which of the files that were cut off is each of those chosen now?
  async match() {
    const prints = await Promise.all(this.chosen.map((entry) => printOf(entry.file).catch(() => "")));
    this.found = this.cut.files.map((file) => this.chosen[prints.indexOf(file.print)] || null);
    const other = this.chosen.find((entry) => !this.found.includes(entry));
    this.chosen = this.chosen.filter((entry) => this.found.includes(entry));
    this.draw();
    if (other) this.trouble(fill(this.words.other, { name: other.name }));
  }

  draw() {
    const rows = this.cut ? this.cut.files.map((file, at) => this.found?.[at] || { name: file.name, size: file.size, absent: true }) : this.chosen;
    by("chosen").replaceChildren(...rows.map((entry) => {
      const row = element("li");
      entry.bar = element("progress");
      entry.bar.max = 1;
      entry.bar.value = 0;
      entry.bar.hidden = true;
      entry.bar.setAttribute("aria-label", entry.name);
      entry.state = element("span", entry.absent ? `${this.words.needed} · ${size(entry.size)}` : size(entry.file.size), "state");
      row.append(element("span", entry.name));
      if (!this.cut) row.append(this.removal(entry));
      row.append(entry.state, entry.bar);
      return row;
    }));
    this.rows = rows;
    this.input.required = this.cut ? rows.some((entry) => entry.absent) : !this.chosen.length;
  }

  removal(entry) {
    entry.remove = element("button", this.words.remove, "second");
    entry.remove.type = "button";
    entry.remove.setAttribute("aria-label", `${this.words.remove}: ${entry.name}`);
    entry.remove.addEventListener("click", () => { this.chosen = this.chosen.filter((other) => other !== entry); this.draw(); this.input.focus(); });
    return entry.remove;
  }

  fault() {
    if (!this.chosen.length || this.rows.some((entry) => entry.absent)) return this.words.none;
    if (this.cut) return "";
    if (this.chosen.length > Number(this.words.most)) return this.words.tooMany;
    const large = this.chosen.find((entry) => entry.file.size > Number(this.words.fileBytes));
    if (large) return fill(this.words.tooLarge, { name: large.name });
    const empty = this.chosen.find((entry) => !entry.file.size);
    if (empty) return fill(this.words.empty, { name: empty.name });
    return this.chosen.reduce((sum, entry) => sum + entry.file.size, 0) > Number(this.words.totalBytes) ? this.words.tooMuch : "";
  }

  trouble(text) {
    by("problem")?.remove();
    if (!text) return;
    const box = element("div", "", "problem");
    box.id = "problem";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(element("h2", this.words.problem), element("p", text));
    this.form.before(box);
    box.focus();
    box.scrollIntoView({ block: "center" });
  }

  // -- sending

  sender() {
    return new Sending(new URL(this.words.uploads, location.href).href, this.query, {
      progress: (at, bytes) => this.progress(at, bytes),
      waiting: (seconds, offline) => { by("going").textContent = offline ? this.words.offline : fill(this.words.retrying, { seconds }); },
      going: () => { by("going").textContent = this.words.resumed; },
      checking: () => { by("going").textContent = this.words.checking; },
    });
  }

  progress(at, bytes) {
    const entry = this.rows[at], part = Math.min(bytes / entry.file.size, 1);
    entry.bar.value = part;
    entry.state.textContent = part >= 1 ? this.words.sent : part > 0 ? fill(this.words.percent, { percent: Math.floor(100 * part), bytes: size(entry.file.size) }) : this.words.waiting;
  }

  busy(on) {
    this.form.classList.toggle("busy", on);
    by("send").disabled = on;
    by("cancel").hidden = !on;
    this.input.disabled = on;
    by("start-over").disabled = on;
    for (const entry of this.rows) {
      if (entry.remove) entry.remove.hidden = on;
      entry.bar.hidden = !on;
      if (!on && entry.file) entry.state.textContent = size(entry.file.size);
    }
    by("going").textContent = on ? this.words.sending : "";
    if (on) by("cancel").focus();
  }

  async submit() {
    await this.matching;
    if (this.sending) return;
    const wrong = this.fault();
    this.trouble(wrong);
    if (wrong) return;
    this.sending = this.sender();
    this.busy(true);
    const awake = await navigator.wakeLock?.request("screen").catch(() => null);
    try {
      await this.send();
    } catch (error) {
      this.failed(error instanceof Refusal ? error : new Refusal("broken", String(error)));
    } finally {
      this.sending = null;
      awake?.release();
    }
  }

  async send() {
    const sending = this.sending;
    const files = this.rows.map((entry) => entry.file), names = this.rows.map((entry) => entry.name);
    if (this.cut) {
      sending.draft = this.cut;
    } else {
      const typed = (name) => this.form.elements[name]?.value || "";
      const codes = this.reference ? { reference: this.reference, pin: typed("pin") } : {};
      const said = { consent: this.form.elements.consent.checked ? "yes" : "", question: typed("question"), note: typed("note"), contact: typed("contact") };
      const prints = await Promise.all(files.map((file, at) => printOf(file).catch(() => { throw new Refusal("unreadable", names[at]); })));
      const draft = await sending.begin({ ...said, ...codes, files: files.map((file, at) => ({ name: names[at], size: file.size })) });
      draft.files.forEach((file, at) => Object.assign(file, { name: names[at], size: files[at].size, print: prints[at] }));
      this.remember(draft);
    }
    let answer;
    try {
      answer = await sending.run(files, names);
    } catch (error) {
      // The answer to the commit was lost, and what joins a submission is then there: look.
      if (!(this.reference && error instanceof Refusal && error.code === "gone")) throw error;
    }
    this.remember(null);
    this.sending = null;
    removeEventListener("beforeunload", this.leaving);
    if (!this.reference) return show(answer.body, "receipt");
    const added = answer ? JSON.parse(answer.body).added : "";
    const body = new URLSearchParams({ reference: this.reference, pin: this.form.elements.pin.value, added });
    const page = await fetch(this.words.status, { method: "POST", body });
    show(await page.text(), "added");
  }

  cancel() {
    this.sending?.stop();
  }

  failed(error) {
    // Refused or stopped: nothing of it stays, so that the words are true.
    this.sending?.discard();
    this.remember(null);
    this.cut = this.found = null;
    this.form.classList.remove("cut");
    this.form.elements.consent.required = true;
    by("unfinished").hidden = true;
    this.busy(false);
    this.draw();
    by("send").textContent = this.label;
    this.trouble(error.code === "stopped" ? this.words.stopped : error.code === "unreadable" ? fill(this.words.unreadable, { name: error.text }) : error.text || this.words.broken);
  }
}

start();
