"use strict";

// Clips that are in view play, as they do in a notebook, unless the reader wants reduced motion:
// then each shows its first picture until it is started by hand.
const reducedMotion = matchMedia("(prefers-reduced-motion: reduce)");
const clips = document.querySelectorAll("video");
const waiting = new Set(reducedMotion.matches ? [] : clips);
const clipsInView = new IntersectionObserver((changes) => {
  for (const { target, isIntersecting } of changes) {
    if (isIntersecting && waiting.delete(target)) {
      target.play().catch(() => {}); // a browser may refuse; the clip has a button
    } else if (!isIntersecting && !target.paused) {
      target.pause();
      waiting.add(target); // but what the reader has paused stays so
    }
  }
});
for (const clip of clips) clipsInView.observe(clip);
reducedMotion.addEventListener("change", () => {
  waiting.clear();
  for (const clip of clips) clip.pause();
});

// Code and tables that are wider than their place scroll, by keyboard too.
const widths = new ResizeObserver((changes) => {
  for (const { target } of changes) {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }
});
for (const place of document.querySelectorAll("pre, .output, .table-wrapper")) {
  widths.observe(place);
}

// The choices above the question bank and the glossary. The language is remembered.
function narrow(form) {
  const entries = [...document.querySelectorAll(".entry")];
  const wanted = [...new FormData(form)].filter(([name, value]) => name !== "language" && value);
  const isWanted = (entry) => wanted.every(([name, value]) => entry.dataset[name] === value);
  for (const entry of entries) {
    const around = entry.dataset.hides ? entry.closest(entry.dataset.hides) : entry;
    around.hidden = !isWanted(entry);
    // The names of a term stand before its definition.
    let name = around.matches("dd") && around.previousElementSibling;
    for (; name?.matches?.("dt"); name = name.previousElementSibling) {
      name.hidden = around.hidden;
    }
  }
  // A heading under which nothing is left goes, too.
  for (const section of document.querySelectorAll("section section")) {
    const inside = [...section.querySelectorAll(".entry")];
    if (inside.length > 0) section.hidden = !inside.some(isWanted);
  }
  const shown = entries.filter(isWanted).length;
  form.querySelector("output").textContent = `${shown} / ${entries.length}`;
}

for (const form of document.querySelectorAll("form.filter")) {
  const { language } = form.elements;
  const speak = () => {
    document.documentElement.dataset.language = language.value;
    localStorage.setItem("language", language.value);
  };
  language.value = localStorage.getItem("language") ?? "";
  language.addEventListener("change", speak);
  form.addEventListener("change", () => narrow(form));
  speak();
  narrow(form);
  form.hidden = false;
}
