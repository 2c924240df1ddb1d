// What the page's other scripts stand on: words, the tab's store, looks, the voice for screen readers. Runs before the first paint.
window.onco = (() => {
  "use strict";
  const root = document.documentElement;
  const words = JSON.parse(document.getElementById("onco-words").textContent);

  // Frames of ours in one tab share its store; each keeps to its own shelf, the second of two like frames too. The pages in both languages share one.
  const framed = window.top !== window;
  const alike = framed ? `onco.${window.name || location.search}.` : "onco.";
  function taken(place, found = new Set()) {
    for (let at = 0; at < place.length; at += 1) {
      const other = place[at];
      try {
        if (other !== window && other.onco) found.add(other.onco.shelf);
      } catch {
        // a frame of another site
      }
      taken(other, found);
    }
    return found;
  }
  let shelf = alike;
  if (framed) for (let number = 2, others = taken(window.top); others.has(shelf); number += 1) shelf = `${alike}${number}.`;
  const area = (name) => {
    try {
      const store = window[name];
      store.setItem("onco.probe", "1");
      store.removeItem("onco.probe");
      return store;
    } catch {
      return null; // blocked in a frame on another site, or switched off: the page remembers nothing, and works
    }
  };
  const tab = area("sessionStorage");
  const device = area("localStorage");

  const KEYS = ["chat", "visit", "look", "draft"];
  const store = {
    get kept() { return device?.getItem(`${shelf}kept`) === "yes"; },
    get canKeep() { return device !== null; },
    read(key) {
      try {
        return JSON.parse((store.kept ? device : tab)?.getItem(shelf + key) ?? "null");
      } catch {
        return null;
      }
    },
    write(key, value) {
      try {
        (store.kept ? device : tab)?.setItem(shelf + key, JSON.stringify(value));
      } catch {
        // Full: what is on the screen stays there, a reload may bring back less.
      }
    },
    // Moves everything to the device, or back into the tab.
    keep(on) {
      if (!device || on === store.kept) return;
      const all = KEYS.map((key) => [key, store.read(key)]);
      store.forget();
      if (on) device.setItem(`${shelf}kept`, "yes");
      all.forEach(([key, value]) => { if (value !== null) store.write(key, value); });
    },
    drop(key) { [tab, device].forEach((place) => place?.removeItem(shelf + key)); },
    forget() { [...KEYS, "kept"].forEach(store.drop); },
    // Everything of ours, other frames' shelves included.
    burn() { [tab, device].forEach((place) => { Object.keys(place ?? {}).filter((key) => key.startsWith("onco.")).forEach((key) => place.removeItem(key)); }); },
  };

  // A page that embeds us may ask for a theme; anything else follows the person, then the device.
  const asked = new URLSearchParams(location.search).get("theme");
  const look = { level: "more", text: "normal", theme: asked === "dark" || asked === "light" ? asked : "auto", ...store.read("look") };
  function show() {
    if (look.theme === "dark" || look.theme === "light") root.dataset.theme = look.theme;
    else delete root.dataset.theme;
    root.dataset.text = look.text === "large" ? "large" : "normal";
    root.dispatchEvent(new Event("onco:look"));
  }
  function set(name, value) {
    look[name] = value;
    store.write("look", look);
    show();
  }
  show();

  // Gradio sets the browser's language; what matters is the language of the words.
  const setLanguage = () => { if (root.lang !== words.lang) root.lang = words.lang; };
  new MutationObserver(setLanguage).observe(root, { attributes: true, attributeFilter: ["lang"] });
  setLanguage();

  const region = () => document.getElementById("onco-live");
  let turn = 0;
  function say(text) {
    const mine = ++turn;
    region().textContent = "";
    setTimeout(() => { if (mine === turn) region().textContent = text; }, 60);
  }

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);
  const today = () => new Date().toLocaleDateString(words.lang, { year: "numeric", month: "long", day: "numeric" });

  // The messages on the screen, in order: {role, node, text}.
  function messages() {
    return [...document.querySelectorAll("#onco-chat .onco-asked, #onco-chat article.onco-answer")].map((node) => {
      const said = node.querySelector(".onco-said");
      return said ? { role: "user", node, text: spoken(said) } : { role: "assistant", node };
    });
  }
  function spoken(said) {
    const copy = said.cloneNode(true);
    copy.querySelectorAll(".onco-hidden").forEach((node) => node.remove());
    copy.querySelectorAll("br").forEach((node) => node.replaceWith("\n"));
    return copy.textContent;
  }
  // The question that an answer belongs to, and where it stands in the conversation.
  function questionOf(answer) {
    const all = messages();
    let at = all.findIndex((message) => message.node === answer);
    while (at >= 0 && all[at].role !== "user") at -= 1;
    return at < 0 ? null : { at, text: all[at].text };
  }

  return { words, shelf, store, look, set, say, fill, today, messages, questionOf, framed };
})();
