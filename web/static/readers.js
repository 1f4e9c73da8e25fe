// Tells the service what a reader views, sees, clicks and searches: counts, for what is hot and for `search-index report`.
// <script src="https://search.example/static/readers.js" type="module"></script> in a page of any origin, with
// data-view="ID" on the article that it shows; the boxes of widgets.js say themselves what they hold.
// No cookie: the visitor is a random name that the tab forgets when it is closed. Who asks not to be tracked is not counted.
const named = () => Array.from(crypto.getRandomValues(new Uint32Array(3)), (part) => part.toString(36)).join("");
const remembered = () => {
  try {
    return sessionStorage.visitor ??= named();
  } catch {
    return named(); // nothing may be kept here: each page is another visitor
  }
};
const start = (visitor) => {
  let waiting = [];
  const send = () => {
    const body = JSON.stringify({ events: waiting }); // as plain text: no browser asks the service first
    const address = new URL("../api/events", import.meta.url);
    if (waiting.length) fetch(address, { method: "POST", keepalive: true, credentials: "omit", body }).catch(() => {});
    waiting = [];
  };
  const tell = (type, fields) => {
    if (waiting.push({ type, visitor, ...fields }) === 1) setTimeout(send, 1000);
  };
  const link = ({ dataset: { article, position, team } }, { dataset: { place, query } }) =>
    ({ article, place, query, team, position: +position || undefined });

  for (const { dataset: { view } } of document.querySelectorAll("[data-view]")) tell("view", { article: view });
  for (const { dataset: { search, total } } of document.querySelectorAll("[data-search]")) {
    tell("search", { query: search, total: +total });
  }
  const seen = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      seen.unobserve(target);
      tell("impression", link(target, target.closest("[data-place]")));
    }
  }, { threshold: 0.5 });
  const watch = (part) => {
    for (const item of part.querySelectorAll("[data-place] [data-article]")) seen.observe(item);
  };
  watch(document);
  new MutationObserver((changes) => {
    for (const { addedNodes } of changes) for (const node of addedNodes) if (node instanceof Element) watch(node);
  }).observe(document.body, { childList: true, subtree: true });
  for (const type of ["click", "auxclick"]) {
    document.addEventListener(type, ({ target, button }) => {
      const item = button < 2 && target.closest("h2 a, h3 a, [data-article] > a:not(.topic)")?.closest("[data-article]");
      if (item) tell("click", link(item, item.closest("[data-place]")));
    });
  }
  document.addEventListener("visibilitychange", () => document.hidden && send());
  addEventListener("pagehide", send);
};
if (!(navigator.globalPrivacyControl || navigator.doNotTrack === "1")) start(remembered());
