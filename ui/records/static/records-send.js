// Sends files in pieces that survive a lost connection: what the server has acknowledged is never sent again.
// Nothing here touches the page; records.js shows what it hears through `on`.

const WAITS = [1, 2, 4, 8, 15, 30];   // seconds between tries
const STALLED = 45000;                // ms without a byte leaving: the line is dead though nobody said so
const QUICK = 1500, SLOW = 8000;      // ms a piece may take before the next one grows or shrinks
const FIRST = 4, EDGE = 65536;

// What the server, or the device, will not do however often it is asked. `text` is for the person.
export class Refusal extends Error {
  constructor(code, text) { super(code); this.code = code; this.text = text; }
}

// Tells whether a file is the one that was cut off, whatever a phone calls it the second time. An accident's guard, not a thief's.
export const printOf = async (file) => {
  const edges = new Uint8Array(await new Blob([file.slice(0, EDGE), file.slice(Math.max(0, file.size - EDGE))]).arrayBuffer());
  let low = 0xdeadbeef ^ file.size, high = 0x41c6ce57;
  for (const byte of edges) {
    low = Math.imul(low ^ byte, 2654435761);
    high = Math.imul(high ^ byte, 1597334677);
  }
  return `${file.size}-${(low >>> 0).toString(16)}-${(high >>> 0).toString(16)}`;
};

export class Sending {
  // place: where /records/uploads is; query: "?lang=…"; on: { progress(index, bytes), waiting(seconds, offline), going(), checking() }
  constructor(place, query, on) {
    Object.assign(this, { place, query, on, stopped: false, wake: null, request: null, steps: FIRST, draft: null });
    addEventListener("online", () => this.wake?.());
    document.addEventListener("visibilitychange", () => document.hidden || this.wake?.());
  }

  stop() {
    this.stopped = true;
    this.request?.abort();
    this.wake?.();
  }

  // One request; XMLHttpRequest says how much of a body has left. Gives { status, body }; a lost line is status 0.
  async ask(method, path, body = null, sent = null) {
    if (this.stopped) throw new Refusal("stopped", "");
    return await new Promise((answer) => {
      const request = this.request = new XMLHttpRequest();
      let timer = null;
      const alive = () => { clearTimeout(timer); if (sent) timer = setTimeout(() => request.abort(), STALLED); };
      request.open(method, this.place + path);
      if (this.draft) request.setRequestHeader("Upload-Token", this.draft.token);
      if (typeof body === "string") request.setRequestHeader("Content-Type", "application/json");
      request.upload.onprogress = (step) => { alive(); sent?.(step.loaded); };
      request.onloadend = () => { clearTimeout(timer); answer({ status: request.status, body: request.responseText, kind: request.getResponseHeader("Content-Type") || "" }); };
      alive();
      request.send(body);
    });
  }

  // Asks until there is an answer that trying again cannot change; `known` are refusals that the caller handles.
  async insist(method, path, body, sent, known = []) {
    for (let tries = 0; ; tries += 1) {
      const answer = await this.ask(method, path, body, sent);
      if (this.stopped) throw new Refusal("stopped", "");
      if (answer.status >= 200 && answer.status < 300) {
        if (tries) this.on.going();
        return answer;
      }
      let told = {};
      try { told = JSON.parse(answer.body); } catch { /* a proxy's page, or nothing */ }
      if (known.includes(told.code)) return { ...answer, code: told.code };
      const passing = !answer.status || answer.status === 408 || told.code === "busy" || told.code === "going" || (!told.code && answer.status >= 500) || (told.code === "broken" && tries < 3);
      if (!passing) throw new Refusal(told.code || "broken", told.detail || "");
      this.steps = Math.max(1, this.steps >> 1);
      // The server is at work: that is no bad line.
      await this.pause(told.code === "going" ? 2 : WAITS[Math.min(tries, WAITS.length - 1)], told.code !== "going");
    }
  }

  async pause(seconds, said) {
    if (said) this.on.waiting(seconds, navigator.onLine === false);
    await new Promise((on) => { this.wake = on; setTimeout(on, seconds * 1000); });
    this.wake = null;
  }

  async begin(announcement) {
    const answer = await this.insist("POST", this.query, JSON.stringify(announcement), null);
    this.draft = JSON.parse(answer.body);
    return this.draft;
  }

  // What the server has of a draft: offsets by file, in the order of the draft.
  async offsets() {
    const answer = await this.insist("GET", `/${this.draft.id}${this.query}`, null, null);
    const have = new Map(JSON.parse(answer.body).files.map((file) => [file.id, file.offset]));
    return this.draft.files.map((file) => have.get(file.id));
  }

  // files: File objects in the order of the draft. Gives the answer to the commit.
  async run(files, names) {
    const offsets = await this.offsets();
    offsets.forEach((offset, at) => this.on.progress(at, offset));
    // The first piece of each goes first: a file that is not taken is found before the others are sent for nothing.
    for (const whole of [false, true]) {
      for (let at = 0; at < files.length; at += 1) {
        while (offsets[at] < files[at].size && (whole || offsets[at] === 0)) await this.piece(files[at], names[at], at, offsets);
      }
    }
    this.on.checking();
    const answer = await this.insist("POST", `/${this.draft.id}/commit${this.query}`, null, null, ["missing"]);
    return answer.code === "missing" ? await this.run(files, names) : answer;
  }

  async piece(file, name, at, offsets) {
    const from = offsets[at];
    const length = Math.min(this.steps * this.draft.step_bytes, this.draft.piece_bytes);
    let body;
    try {
      body = await file.slice(from, from + length).arrayBuffer();
    } catch {
      throw new Refusal("unreadable", name);
    }
    const begun = Date.now();
    const path = `/${this.draft.id}/files/${this.draft.files[at].id}${this.query}&offset=${from}`;
    const answer = await this.insist("PUT", path, body, (bytes) => this.on.progress(at, from + Math.min(bytes, body.byteLength)), ["offset"]);
    offsets[at] = answer.code === "offset" ? (await this.offsets())[at] : JSON.parse(answer.body).offset;
    this.on.progress(at, offsets[at]);
    const took = Date.now() - begun;
    if (took < QUICK) this.steps = Math.min(this.steps * 2, this.draft.piece_bytes / this.draft.step_bytes);
    else if (took > SLOW) this.steps = Math.max(1, this.steps >> 1);
  }

  // Whatever is there goes; the page does not wait for it.
  discard() {
    if (!this.draft) return;
    fetch(`${this.place}/${this.draft.id}${this.query}`, { method: "DELETE", headers: { "Upload-Token": this.draft.token }, keepalive: true }).catch(() => {});
  }
}
