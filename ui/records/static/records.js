// Makes the upload form kinder: a list of files with progress for each, a way to stop, errors without losing what was typed.
// Without this script the form works as a plain form.
(() => {
  "use strict";
  const receipt = (root) => {
    const copy = root.querySelector("#copy");
    if (!copy || !navigator.clipboard) return;
    copy.hidden = false;
    copy.addEventListener("click", async () => {
      const value = (id) => document.getElementById(id).textContent.trim();
      await navigator.clipboard.writeText(`${value("reference")} ${value("pin")}`);
      copy.textContent = copy.dataset.copied;
    });
  };
  receipt(document);

  const form = document.getElementById("upload");
  if (!form) return;
  const input = document.getElementById("files");
  const list = document.getElementById("chosen");
  const going = document.getElementById("going");
  const send = document.getElementById("send");
  const cancel = document.getElementById("cancel");
  const words = form.dataset;
  // The list below says what is chosen; the field's own "no file chosen" would contradict it.
  input.classList.add("listed");
  let chosen = [];
  let request = null;

  // A question may travel along from the chat behind the #, where no server and no log sees it.
  const carried = new URLSearchParams(location.hash.slice(1)).get("question");
  if (carried) {
    document.getElementById("question").value = carried.slice(0, document.getElementById("question").maxLength);
    history.replaceState(null, "", location.pathname + location.search);
  }

  const size = (bytes) => bytes >= 1048576 ? `${(bytes / 1048576).toFixed(1)} MB` : `${Math.max(1, Math.round(bytes / 1024))} KB`;
  const element = (name, text, className) => {
    const made = document.createElement(name);
    if (text) made.textContent = text;
    if (className) made.className = className;
    return made;
  };

  const trouble = (text) => {
    document.getElementById("problem")?.remove();
    if (!text) return;
    const box = element("div", "", "problem");
    box.id = "problem";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(element("h2", words.problem), element("p", text));
    form.before(box);
    box.focus();
    box.scrollIntoView({ block: "center" });
  };

  const draw = () => {
    list.replaceChildren(...chosen.map((entry) => {
      const row = element("li");
      entry.bar = element("progress");
      entry.bar.max = 1;
      entry.bar.value = 0;
      entry.bar.hidden = true;
      entry.bar.setAttribute("aria-label", entry.file.name);
      entry.state = element("span", size(entry.file.size), "state");
      entry.remove = element("button", words.remove, "second");
      entry.remove.type = "button";
      entry.remove.setAttribute("aria-label", `${words.remove}: ${entry.file.name}`);
      entry.remove.addEventListener("click", () => { chosen = chosen.filter((other) => other !== entry); draw(); input.focus(); });
      row.append(element("span", entry.file.name), entry.remove, entry.state, entry.bar);
      return row;
    }));
    input.required = chosen.length === 0;
  };

  input.addEventListener("change", () => {
    for (const file of input.files) {
      const same = (entry) => entry.file.name === file.name && entry.file.size === file.size && entry.file.lastModified === file.lastModified;
      if (!chosen.some(same)) chosen.push({ file });
    }
    input.value = "";
    trouble("");
    draw();
  });

  const fault = () => {
    if (!chosen.length) return words.none;
    if (chosen.length > Number(words.most)) return words.tooMany;
    const large = chosen.find((entry) => entry.file.size > Number(words.fileBytes));
    if (large) return words.tooLarge.replace("{name}", large.file.name);
    const total = chosen.reduce((sum, entry) => sum + entry.file.size, 0);
    return total > Number(words.totalBytes) ? words.tooMuch : "";
  };

  const busy = (on) => {
    send.disabled = on;
    cancel.hidden = !on;
    input.disabled = on;
    for (const entry of chosen) { entry.remove.hidden = on; entry.bar.hidden = !on; if (!on) entry.state.textContent = size(entry.file.size); }
    if (!on) { going.textContent = ""; request = null; }
  };

  const progress = (loaded, total) => {
    // Files go one behind the other, after the fields: what the fields and the wrapping take comes off first.
    let left = loaded - Math.max(0, total - chosen.reduce((sum, entry) => sum + entry.file.size, 0));
    for (const entry of chosen) {
      const part = Math.min(Math.max(left, 0), entry.file.size);
      entry.bar.value = entry.file.size ? part / entry.file.size : 1;
      entry.state.textContent = part >= entry.file.size ? words.sent : part > 0 ? `${Math.floor(100 * part / entry.file.size)} % · ${size(entry.file.size)}` : words.waiting;
      left -= entry.file.size;
    }
  };

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (request) return;
    const wrong = fault();
    trouble(wrong);
    if (wrong) return;
    const body = new FormData();
    for (const name of ["consent", "question", "note", "contact"]) {
      const field = form.elements[name];
      body.append(name, field.type === "checkbox" ? (field.checked ? field.value : "") : field.value);
    }
    for (const entry of chosen) body.append("files", entry.file, entry.file.name);
    request = new XMLHttpRequest();
    request.open("POST", form.action);
    request.responseType = "document";
    request.upload.addEventListener("progress", (step) => progress(step.loaded, step.total));
    request.upload.addEventListener("load", () => { progress(1, 1); for (const entry of chosen) { entry.bar.value = 1; entry.state.textContent = words.sent; } going.textContent = words.checking; });
    request.addEventListener("load", () => {
      const page = request.response;
      const got = page?.getElementById("receipt");
      if (got) {
        document.title = page.title;
        document.getElementById("main").replaceChildren(...page.getElementById("main").children);
        receipt(document);
        document.getElementById("languages")?.remove();  // another page would lose the PIN, which is shown once
        document.getElementById("receipt").focus();
        scrollTo(0, 0);
        return;
      }
      const said = page?.querySelector("#problem p")?.textContent || page?.querySelector("main .lead")?.textContent || words.lost;
      busy(false);
      trouble(said);
    });
    request.addEventListener("error", () => { busy(false); trouble(words.lost); });
    request.addEventListener("abort", () => { busy(false); trouble(words.stopped); });
    going.textContent = words.sending;
    busy(true);
    request.send(body);
  });
  cancel.addEventListener("click", () => request?.abort());
  addEventListener("beforeunload", (event) => { if (request && request.readyState < 4) event.preventDefault(); });
})();
