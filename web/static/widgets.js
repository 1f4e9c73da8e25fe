// Boxes for any page: <script src="https://search.example/static/widgets.js" defer></script>, and where one belongs
// <related-articles article="ID" limit mode exclude="ID2 ID3">, <hot-articles window section limit>, <topic-list limit> or
// <for-you article="ID" limit>, each with its end tag. Where nothing comes, the box stays as it was.
(() => {
  const widgets = new URL("../widgets/", document.currentScript.src);

  class Box extends HTMLElement {
    attributeChangedCallback() {
      this.connectedCallback();
    }

    connectedCallback() {
      clearTimeout(this.waiting); // several attributes that change together are one request
      this.waiting = setTimeout(() => this.load());
    }

    async load() {
      const path = this.path();
      if (!path) return;
      const address = new URL(path, widgets);
      for (const name of ["limit", "mode", "window", "section"]) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      for (const id of (this.getAttribute("exclude") ?? "").split(/\s+/).filter(Boolean)) {
        address.searchParams.append("exclude", id);
      }
      this.asked?.abort();
      const { signal } = this.asked = new AbortController();
      try {
        const answer = await fetch(address, { signal, credentials: "omit", ...this.sent?.() });
        if (answer.ok) this.innerHTML = await answer.text(); // markup of our own templates, which escape
      } catch {
        // no network, or a newer request
      }
    }
  }

  const define = (name, attributes, path, sent) => {
    if (customElements.get(name)) return;
    customElements.define(name, class extends Box {
      static observedAttributes = attributes;
      path = path;
      sent = sent;
    });
  };
  define("related-articles", ["article", "limit", "mode", "exclude"], function () {
    const article = this.getAttribute("article");
    return article && "related/" + encodeURIComponent(article);
  });
  define("hot-articles", ["window", "section", "limit"], () => "hot");
  define("topic-list", ["limit"], () => "topics");
  define("for-you", ["article", "limit"], () => "recommend", function () {
    const own = this.getAttribute("article");
    let read = [];
    try { // what was read is kept in this browser, and nowhere else
      read = JSON.parse(localStorage.broadsheetRead ?? "[]");
      if (own) read = [...read.filter((id) => id !== own), own].slice(-100);
      localStorage.broadsheetRead = JSON.stringify(read);
    } catch {
      read = own ? [own] : [];
    }
    return { method: "POST", body: JSON.stringify({ read }) };
  });
})();
