"use strict";
// Without this script the page shows everything; with it, one section at a time, filtered. The state is in the address.
(() => {
  const sections = [...document.querySelectorAll("main > section")];
  const tabs = [...document.querySelectorAll("nav a")];

  const nameOf = (section) => section.id.replace("view-", "");

  const read = () => {
    const [name, query] = location.hash.slice(1).split("?");
    const known = sections.some((section) => nameOf(section) === name);
    return { name: known ? name : nameOf(sections[0]), wanted: new URLSearchParams(query || "") };
  };

  const fits = (row, words, choices) =>
    words.every((word) => row.dataset.text.includes(word)) &&
    choices.every(([key, value]) => (row.dataset[key] || "").split(" ").includes(value));

  const show = () => {
    const { name, wanted } = read();
    for (const tab of tabs) {
      const current = tab.hash === `#${name}`;
      if (current) tab.setAttribute("aria-current", "page");
      else tab.removeAttribute("aria-current");
    }
    for (const section of sections) {
      section.hidden = nameOf(section) !== name;
      if (section.hidden) continue;
      const words = (wanted.get("q") || "").toLowerCase().split(/\s+/).filter(Boolean);
      const choices = [...wanted].filter(([key, value]) => key !== "q" && value);
      for (const field of section.querySelectorAll("[data-filter]")) {
        const value = wanted.get(field.dataset.filter) || "";
        if (field.value !== value) field.value = value;
      }
      const rows = [...section.querySelectorAll("[data-row]")];
      let shown = 0;
      for (const row of rows) {
        row.hidden = !fits(row, words, choices);
        if (!row.hidden) shown += 1;
      }
      const count = section.querySelector("output");
      if (count) count.textContent = `${shown} of ${rows.length}`;
    }
  };

  const write = (section) => {
    const wanted = new URLSearchParams();
    for (const field of section.querySelectorAll("[data-filter]")) {
      if (field.value) wanted.set(field.dataset.filter, field.value);
    }
    const query = wanted.toString();
    history.replaceState(null, "", `#${nameOf(section)}${query ? `?${query}` : ""}`);
    show();
  };

  for (const row of document.querySelectorAll("[data-row]")) {
    row.dataset.text = row.textContent.toLowerCase();
  }
  for (const section of sections) {
    for (const field of section.querySelectorAll("[data-filter]")) {
      field.addEventListener("input", () => write(section));
    }
  }
  document.body.classList.add("scripted");
  addEventListener("hashchange", show);
  show();
})();
