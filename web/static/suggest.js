// Suggestions under the search box, as a combobox; without this script the form works as it stands.
const box = document.querySelector("#q"), list = document.querySelector("#suggestions");
let asked, active = -1;
Object.assign(box, { role: "combobox", autocomplete: "off", ariaAutoComplete: "list", ariaExpanded: "false" });

const mark = (place) => {
  for (const option of list.children) option.ariaSelected = "false";
  const option = list.children[active = place];
  box.setAttribute("aria-activedescendant", option?.id ?? "");
  if (option) option.ariaSelected = "true";
};
const show = (suggestions) => {
  list.replaceChildren(...suggestions.map(({ text, kind, url }, place) => {
    const option = document.createElement("li");
    Object.assign(option, { id: "suggestion-" + place, role: "option", textContent: text });
    Object.assign(option.dataset, { kind, url });
    return option;
  }));
  mark(-1);
  box.ariaExpanded = !(list.hidden = !suggestions.length);
};
const close = () => {
  asked?.abort();
  show([]);
};
const go = (option) => option && location.assign(option.dataset.url);

box.oninput = async () => {
  asked?.abort();
  const { signal } = asked = new AbortController();
  try {
    const answer = await fetch(list.dataset.source + "?q=" + encodeURIComponent(box.value), { signal });
    show((await answer.json()).suggestions ?? []);
  } catch {
    if (!signal.aborted) show([]);
  }
};
box.onkeydown = (event) => {
  const count = list.children.length, { key } = event;
  if (!count || event.isComposing) return;
  if (key === "ArrowDown") mark((active + 2) % (count + 1) - 1);
  else if (key === "ArrowUp") mark((active + 1 + count) % (count + 1) - 1);
  else if (key === "Escape") close();
  else if (key === "Enter" && active >= 0) go(list.children[active]);
  else return;
  event.preventDefault();
};
box.onblur = close;
list.onpointerdown = (event) => event.preventDefault(); // the box keeps the focus
list.onclick = (event) => go(event.target.closest("li"));
