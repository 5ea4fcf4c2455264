"use strict";
(() => {
  const form = document.getElementById("filters");
  if (!form) return;
  const rows = Array.from(document.querySelectorAll(".records tbody tr"));
  const fields = Array.from(form.querySelectorAll("[data-column]"));
  const text = document.getElementById("text");
  const shown = document.getElementById("shown");
  let cells = null; // the rows' texts, read when they are needed first

  const keeps = (row, wanted, part) =>
    wanted.every(([column, value, exact]) => exact ? row.plain[column] === value : row.lower[column].includes(value)) &&
    (part === "" || row.lower.some((cell) => cell.includes(part)));

  const apply = () => {
    cells ??= rows.map((row) => {
      const plain = Array.from(row.cells, (cell) => cell.textContent);
      return { plain, lower: plain.map((value) => value.toLowerCase()) };
    });
    const wanted = fields.filter((field) => field.tagName === "SELECT" ? field.selectedIndex > 0 : field.value.trim() !== "")
      .map((field) => field.tagName === "SELECT" ? [field.dataset.column, field.value, true] : [field.dataset.column, field.value.trim().toLowerCase(), false]);
    const part = text.value.trim().toLowerCase();
    let count = 0;
    rows.forEach((row, i) => {
      const keep = keeps(cells[i], wanted, part);
      if (row.hidden === keep) row.hidden = !keep;
      if (keep) count++;
    });
    shown.textContent = `${count} of ${rows.length} shown`;
  };

  let waits = 0;
  form.addEventListener("input", () => {
    cancelAnimationFrame(waits);
    waits = requestAnimationFrame(apply);
  });
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a");
    if (!link) return;
    const choose = document.getElementById("choose");
    if (link.dataset.choose && choose) {
      form.reset();
      choose.value = link.dataset.choose;
      if (choose.selectedIndex < 0) choose.selectedIndex = 0;
      apply();
    } else if (link.hash.startsWith("#r") && document.getElementById(link.hash.slice(1))?.hidden) {
      form.reset();
      apply();
    }
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "/" || event.target.matches("input, select")) return;
    event.preventDefault();
    text.focus();
  });
  shown.textContent = `${rows.length} of ${rows.length} shown`;
  form.hidden = false;
})();
