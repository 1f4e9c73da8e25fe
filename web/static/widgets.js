// Boxes for any page: <script src="https://search.example/static/widgets.js" defer></script> once, and where a box belongs
// <related-articles article="ID" limit="5" mode="latest" exclude="ID2 ID3"></related-articles>. Where nothing comes, the box stays as it was.
(() => {
  const widgets = new URL("../widgets/", document.currentScript.src);

  class RelatedArticles extends HTMLElement {
    static observedAttributes = ["article", "limit", "mode", "exclude"];

    attributeChangedCallback() {
      clearTimeout(this.waiting); // several attributes that change together are one request
      this.waiting = setTimeout(() => this.load());
    }

    async load() {
      const article = this.getAttribute("article");
      if (!article) return;
      const address = new URL("related/" + encodeURIComponent(article), widgets);
      for (const name of ["limit", "mode"]) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      for (const id of (this.getAttribute("exclude") ?? "").split(/\s+/).filter(Boolean)) {
        address.searchParams.append("exclude", id);
      }
      this.asked?.abort();
      const { signal } = this.asked = new AbortController();
      try {
        const answer = await fetch(address, { signal, credentials: "omit" });
        if (answer.ok) this.innerHTML = await answer.text(); // markup of our own templates, which escape
      } catch {
        // no network, or a newer request: the box stays as it was
      }
    }
  }

  if (!customElements.get("related-articles")) customElements.define("related-articles", RelatedArticles);
})();
