"use strict";
// Draws every chart of the page, again where the theme changes, and lets readers switch between views.

lockstep.data = JSON.parse(document.getElementById("report-data").textContent);

/** A chart with one or several views. */
lockstep.Views = class {
  constructor(figure, spec) {
    this.figure = figure;
    this.spec = spec;
    this.place = 0;
    if (spec.views.length > 1) this.addSwitch();
  }

  addSwitch() {
    const {views} = this.spec;
    const select = document.createElement("select");
    for (const [place, view] of views.entries()) select.append(new Option(view.name, String(place)));
    select.addEventListener("change", () => {
      this.place = Number(select.value);
      this.draw();
    });
    const label = document.createElement("label");
    label.append("Show ", select);
    this.figure.querySelector(".views").append(label);
  }

  draw() {
    const view = this.spec.views[this.place];
    const box = this.figure.querySelector(".canvas");
    this.chart?.destroy();
    box.style.height = `${lockstep.heightOf(this.spec.kind, view)}px`;
    this.chart = new Chart(box.querySelector("canvas"), lockstep[this.spec.kind](view, lockstep.theme()));
    this.figure.dataset.view = view.name;
  }
};

lockstep.figures = [...document.querySelectorAll("figure.chart")].map((figure) => {
  const spec = lockstep.data[figure.id];
  return spec.kind === "timeline" ? new lockstep.Timeline(figure, spec) : new lockstep.Views(figure, spec);
});

lockstep.drawAll = () => {
  for (const figure of lockstep.figures) figure.draw();
};

/** Draws one after the other, giving way to the reader in between. */
lockstep.drawInTurn = (place) => {
  const began = performance.now();
  while (place < lockstep.figures.length && performance.now() - began < 40) lockstep.figures[place++].draw();
  if (place < lockstep.figures.length) {
    setTimeout(lockstep.drawInTurn, 0, place);
  } else {
    document.documentElement.dataset.drawn = String(Math.round(performance.now()));
  }
};

/** Paper is white, and nothing unfolds on it: short tables are printed. */
lockstep.printing = (isPrinting) => {
  if (isPrinting) document.documentElement.dataset.theme = "light";
  else delete document.documentElement.dataset.theme;
  for (const details of document.querySelectorAll("details[data-rows]")) {
    if (isPrinting && !details.open && Number(details.dataset.rows) <= 40) {
      details.open = true;
      details.dataset.unfolded = "";
    } else if (!isPrinting && "unfolded" in details.dataset) {
      details.open = false;
      delete details.dataset.unfolded;
    }
  }
  lockstep.drawAll();
};

addEventListener("beforeprint", () => lockstep.printing(true));
addEventListener("afterprint", () => lockstep.printing(false));
matchMedia("(prefers-color-scheme: dark)").addEventListener("change", lockstep.drawAll);
lockstep.drawInTurn(0);
