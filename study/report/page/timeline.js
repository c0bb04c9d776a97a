"use strict";
// The timeline: an overview of the whole run, and below it the window that was chosen in it.

lockstep.mostBars = 16000; // that a window may draw

/** Times of the data are whole numbers of spec.unit_s seconds. */
lockstep.Timeline = class {
  constructor(figure, spec) {
    this.figure = figure;
    this.spec = spec;
    this.begin = 0;
    this.end = spec.end;
    this.rows = spec.spans.map((row) => this.decoded(row));
    this.handle = figure.querySelector(".window");
    this.strip = figure.querySelector(".strip");
    this.readout = figure.querySelector(".readout");
    this.listen();
  }

  /** Of each span: begin, end, activity, partner, round. In the data begins count from the end before. */
  decoded(row) {
    const spans = [];
    let at = 0;
    for (let i = 0; i < row.length; i += 5) {
      const begin = at + row[i];
      at = begin + row[i + 1];
      spans.push([begin, at, row[i + 2], row[i + 3], row[i + 4]]);
    }
    return spans;
  }

  draw() {
    const theme = lockstep.theme();
    this.overview?.destroy();
    this.chart?.destroy();
    this.overview = new Chart(this.strip.querySelector("canvas"), this.overviewConfig());
    const box = this.figure.querySelector(".canvas");
    const rows = this.spec.ranks.length;
    box.style.height = `${90 + Math.max(3, rows) * (rows > 40 ? 11 : 20)}px`;
    this.chart = new Chart(box.querySelector("canvas"), this.windowConfig(theme));
    this.show();
  }

  overviewConfig() {
    const shares = this.spec.overview;
    const datasets = this.spec.activities.map((name, i) => ({
      data: shares[i], backgroundColor: lockstep.activities[name], barPercentage: 1, categoryPercentage: 1, stack: "all",
    }));
    const hidden = (extra) => ({display: false, stacked: true, ...extra});
    return {
      type: "bar",
      data: {labels: shares[0].map((_, i) => i), datasets},
      options: {
        responsive: true, maintainAspectRatio: false, animation: false, events: [],
        plugins: {legend: {display: false}, tooltip: {enabled: false}},
        scales: {x: hidden({}), y: hidden({min: 0, max: 1})},
      },
    };
  }

  windowConfig(theme) {
    const datasets = this.spec.activities.map((name) => ({
      label: name, data: [], backgroundColor: lockstep.activities[name], stack: "all", pointStyle: "rect",
      barPercentage: 1, categoryPercentage: 0.86, borderWidth: 0, minBarLength: 0,
    }));
    const options = lockstep.options(theme, datasets);
    options.indexAxis = "y";
    options.scales = {
      x: lockstep.axis(this.spec.time_title, theme, {type: "linear", stacked: false, ticks: {maxRotation: 0}}),
      y: lockstep.axis("", theme, {type: "category", stacked: true, grid: {display: false}, ticks: {callback: lockstep.nameTick, font: {size: 10}}}),
    };
    options.interaction = {mode: "nearest", axis: "xy", intersect: true};
    options.plugins.tooltip.callbacks = {
      title: (items) => items.slice(0, 1).map((item) => item.raw.y),
      label: (item) => this.describe(item),
    };
    return {type: "bar", data: {labels: this.spec.ranks, datasets}, options};
  }

  describe(item) {
    const {x, peer, round} = item.raw;
    const what = round === undefined ? `mostly ${item.dataset.label}` : item.dataset.label;
    const partner = peer >= 0 ? `, partner rank ${peer}` : "";
    const step = round === undefined ? "" : `, step ${round}`;
    return `${what}${partner}${step}: ${this.seconds(x[0])} to ${this.seconds(x[1])} s`;
  }

  seconds(value) {
    return Number(value.toPrecision(7)).toString();
  }

  /** Bars of the window, as exactly as can be drawn, and in words how exact that is. */
  bars() {
    const {spec} = this;
    if (this.end <= spec.detail_end) {
      const bars = this.spansWithin();
      if (bars) return [bars, "every span"];
    }
    for (const level of [...spec.levels].reverse()) {
      const bars = this.binsWithin(level);
      if (bars) return [bars, `what each rank mostly did in ${lockstep.shorten(spec.end * spec.unit_s / level.bins)} s`];
    }
    return [[], "too much to draw"];
  }

  spansWithin() {
    const bars = [];
    for (const [row, spans] of this.rows.entries()) {
      for (let i = this.firstEndingAfter(spans, this.begin); i < spans.length && spans[i][0] < this.end; ++i) {
        bars.push([row, ...spans[i]]);
        if (bars.length > lockstep.mostBars) return null;
      }
    }
    return bars;
  }

  firstEndingAfter(spans, time) {
    let low = 0;
    let high = spans.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (spans[middle][1] > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  binsWithin(level) {
    const width = this.spec.end / level.bins;
    const bars = [];
    for (const [row, runs] of level.rows.entries()) {
      let at = 0;
      for (let i = 0; i < runs.length; i += 2) {
        const [begin, end] = [at * width, (at + runs[i + 1]) * width];
        at += runs[i + 1];
        if (runs[i] < this.spec.activities.length && end > this.begin && begin < this.end) bars.push([row, begin, end, runs[i]]);
      }
      if (bars.length > lockstep.mostBars) return null;
    }
    return bars;
  }

  /** Puts the window onto the screen. */
  show() {
    const {unit_s: unit, end, ranks} = this.spec;
    const [bars, how] = this.bars();
    for (const set of this.chart.data.datasets) set.data = [];
    for (const [row, from, to, activity, peer, round] of bars) {
      this.chart.data.datasets[activity].data.push({x: [from * unit, to * unit], y: ranks[row], peer, round});
    }
    Object.assign(this.chart.options.scales.x, {min: this.begin * unit, max: this.end * unit});
    this.chart.update("none");
    const [left, width] = [100 * this.begin / end, 100 * (this.end - this.begin) / end];
    Object.assign(this.handle.style, {left: `${left}%`, width: `${width}%`});
    const text = `${this.seconds(this.begin * unit)} s to ${this.seconds(this.end * unit)} s of ` +
      `${this.seconds(end * unit)} s: ${how}`;
    this.readout.textContent = text;
    this.handle.setAttribute("aria-valuenow", String(Math.round(left)));
    this.handle.setAttribute("aria-valuetext", text);
    Object.assign(this.figure.dataset, {begin: this.begin * unit, end: this.end * unit, bars: bars.length});
  }

  /** Moves the window to these times, at least a millionth of the run wide, and within it. */
  choose(begin, end) {
    const all = this.spec.end;
    const width = Math.min(all, Math.max(end - begin, all / 1e6));
    this.begin = Math.min(Math.max(0, begin), all - width);
    this.end = this.begin + width;
    if (this.waiting) return;
    this.waiting = requestAnimationFrame(() => {
      this.waiting = 0;
      this.show();
    });
  }

  move(share) {
    const step = share * (this.end - this.begin);
    this.choose(this.begin + step, this.end + step);
  }

  zoom(factor, centre = (this.begin + this.end) / 2) {
    const half = factor * (this.end - this.begin) / 2;
    this.choose(centre - half, centre + half);
  }

  listen() {
    const buttons = [["Earlier", () => this.move(-0.5)], ["Later", () => this.move(0.5)], ["Zoom in", () => this.zoom(0.5)],
                     ["Zoom out", () => this.zoom(2)], ["Whole run", () => this.choose(0, this.spec.end)]];
    const bar = this.figure.querySelector(".views");
    for (const [name, action] of buttons) {
      const button = Object.assign(document.createElement("button"), {type: "button", textContent: name});
      button.addEventListener("click", action);
      bar.append(button);
    }
    const keys = {ArrowLeft: buttons[0][1], ArrowRight: buttons[1][1], "+": buttons[2][1], "=": buttons[2][1],
                  "-": buttons[3][1], ArrowUp: buttons[2][1], ArrowDown: buttons[3][1],
                  Home: () => this.choose(0, this.end - this.begin),
                  End: () => this.choose(this.spec.end - this.end + this.begin, this.spec.end), Escape: buttons[4][1]};
    this.handle.addEventListener("keydown", (event) => {
      if (!(event.key in keys) || event.ctrlKey || event.altKey || event.metaKey) return;
      event.preventDefault();
      keys[event.key]();
    });
    this.listenToPointer();
  }

  /** A click puts the window's middle there; dragging chooses from there to there. */
  listenToPointer() {
    let start = null;
    const timeAt = (event) => {
      const box = this.strip.getBoundingClientRect();
      return this.spec.end * Math.min(1, Math.max(0, (event.clientX - box.left) / box.width));
    };
    this.strip.addEventListener("pointerdown", (event) => {
      start = {x: event.clientX, time: timeAt(event), dragged: false};
      this.strip.setPointerCapture(event.pointerId);
    });
    this.strip.addEventListener("pointermove", (event) => {
      if (!start) return;
      start.dragged ||= Math.abs(event.clientX - start.x) > 4;
      const now = timeAt(event);
      if (start.dragged) this.choose(Math.min(start.time, now), Math.max(start.time, now));
    });
    this.strip.addEventListener("pointerup", () => {
      if (start && !start.dragged) {
        const isWhole = this.end - this.begin >= this.spec.end;
        this.zoom(isWhole ? 0.1 : 1, start.time);
      }
      start = null;
      this.handle.focus();
    });
    this.strip.addEventListener("pointercancel", () => {
      start = null;
    });
  }
};
