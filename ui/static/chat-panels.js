// Panels that open over the page: menu, source, My questions; the meaning of a word; and the way out.
(() => {
  "use strict";
  const { words, store, look, set, say, fill } = window.onco;
  const by = (id) => document.getElementById(id);

  // -- dialogs: the browser keeps the focus inside; it goes back to what opened them

  let opener = null;
  function open(name, from) {
    const panel = by(`onco-${name}`);
    hideTip();
    opener = from;
    panel.showModal();
    panel.querySelector("h2").focus();
    panel.querySelector(".onco-panel-body").scrollTop = 0;
  }
  document.querySelectorAll("dialog.onco-panel").forEach((panel) => {
    panel.addEventListener("close", () => {
      if (opener?.isConnected) opener.focus({ preventScroll: true });
      opener = null;
    });
    // A tap beside the panel closes it.
    panel.addEventListener("click", (event) => { if (event.target === panel) panel.close(); });
  });
  // Escape closes what lies on top, and a page that frames us must not take it for its own.
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const panel = document.querySelector("dialog.onco-panel[open]");
    if (tipped) {
      event.preventDefault();
      hideTip();
    } else if (panel) {
      event.preventDefault();
      panel.close();
    }
  }, true);

  // -- a citation opens its source

  function openSource(link) {
    const source = by(link.getAttribute("href").slice(1));
    if (!source) return;
    by("onco-source-title").textContent = fill(words.source_title, { n: source.querySelector(".onco-number").textContent });
    const title = document.createElement("p");
    title.className = "onco-source-name";
    title.append(...[...source.querySelectorAll("summary > span:not(.onco-number) > *")].map((node) => node.cloneNode(true)));
    const passage = source.querySelector(".onco-passage").cloneNode(true);
    const body = by("onco-source").querySelector(".onco-panel-body");
    body.lang = source.closest("article").lang;
    body.replaceChildren(title, passage);
    open("source", link);
  }

  // -- the meaning of a word: on hover, focus or tap; stays while the pointer is on it; Escape puts it away

  const tip = by("onco-tip");
  let tipped = null;
  let leaving = 0;
  function showTip(term) {
    clearTimeout(leaving);
    const meaning = by(term.getAttribute("aria-describedby"))?.textContent;
    if (!meaning) return;
    tipped = term;
    tip.textContent = meaning;
    tip.lang = term.closest("article").lang;
    tip.hidden = false;
    const at = term.getClientRects()[0] ?? term.getBoundingClientRect();
    const room = document.documentElement.clientWidth;
    tip.style.left = `${Math.max(8, Math.min(at.left, room - tip.offsetWidth - 8))}px`;
    const above = at.top - tip.offsetHeight - 6;
    tip.style.top = `${above > by("onco-header").offsetHeight ? above : at.bottom + 6}px`;
  }
  function hideTip() {
    clearTimeout(leaving);
    tipped = null;
    tip.hidden = true;
  }
  const leave = () => { clearTimeout(leaving); leaving = setTimeout(hideTip, 200); };
  const termOf = (event) => event.target.closest?.(".onco-term");
  document.addEventListener("mouseover", (event) => { if (termOf(event)) showTip(termOf(event)); });
  document.addEventListener("mouseout", (event) => { if (termOf(event) && document.activeElement !== termOf(event)) leave(); });
  document.addEventListener("focusin", (event) => { if (termOf(event)) showTip(termOf(event)); else if (tipped) hideTip(); });
  document.addEventListener("focusout", (event) => { if (termOf(event)) leave(); });
  tip.addEventListener("mouseenter", () => clearTimeout(leaving));
  tip.addEventListener("mouseleave", leave);
  addEventListener("scroll", () => { if (tipped) hideTip(); }, { passive: true });

  // -- the menu

  function readLook() {
    Object.entries(look).forEach(([name, value]) => {
      const input = document.querySelector(`#onco-menu input[name="${name}"][value="${value}"]`);
      if (input) input.checked = true;
    });
    by("onco-keep-here").checked = store.kept;
    by("onco-keep-here").disabled = !store.canKeep;
  }
  by("onco-menu").addEventListener("change", (event) => {
    if (event.target.id === "onco-keep-here") store.keep(event.target.checked);
    else if (event.target.type === "radio") set(event.target.name, event.target.value);
  });

  // -- the way out: nothing of ours is left in the tab, and “back” does not lead here

  function leaveNow() {
    store.burn();
    document.documentElement.hidden = true;
    document.title = "";
    window.speechSynthesis?.cancel();
    try {
      (window.onco.framed ? window.top : window).location.replace(words.exit);
    } catch {
      location.replace("about:blank"); // a frame that may not move its page
    }
  }

  document.addEventListener("click", (event) => {
    const target = event.target;
    const cite = target.closest("a.onco-cite");
    const language = target.closest("a.onco-language");
    if (cite) {
      event.preventDefault();
      openSource(cite);
    } else if (language) {
      // The other language takes this page's place, with the options of who embeds us: “back” leads out, not around.
      event.preventDefault();
      location.replace(new URL(language.getAttribute("href") + location.search, location.href));
    } else if (target.closest("#onco-menu-open")) {
      readLook();
      open("menu", by("onco-menu-open"));
    } else if (target.closest("#onco-mine")) {
      open("visit", by("onco-mine"));
    } else if (target.closest("#onco-leave")) {
      leaveNow();
    } else if (termOf(event)) {
      showTip(termOf(event));
    } else if (tipped && !target.closest("#onco-tip")) {
      hideTip();
    }
    const what = target.closest("button[data-do]")?.dataset.do;
    if (what === "close") {
      target.closest("dialog").close();
    } else if (what === "forget") {
      store.forget();
      window.onco.visit.forget();
      window.onco.clear();
      readLook();
      say(words.forgotten);
      by("onco-menu").close();
    }
  });
})();
