"use strict";
// From the views of the report's data (chart.hpp) to configurations of Chart.js.

const lockstep = {};

// Okabe and Ito's colours, which colour-blind people can tell apart; the order puts the pale one last.
lockstep.palette = ["#0072B2", "#E69F00", "#009E73", "#D55E00", "#CC79A7", "#56B4E9", "#8A8A8A", "#F0E442"];
// Compute, wait, transfer and other as `lockstep plot` draws them.
lockstep.activities = {
  compute: "#0072B2", wait: "#D55E00", transfer: "#009E73", send: "#009E73", receive: "#56B4E9",
  collective: "#E69F00", other: "#CC79A7",
};
// From little to much, also in grey (a part of cividis).
lockstep.ramp = ["#00224e", "#35456c", "#666970", "#948e77", "#c8b866", "#fee838"];
lockstep.shapes = ["circle", "rect", "triangle", "rectRot", "crossRot", "star"];
lockstep.dashes = [[], [6, 3], [2, 2], [8, 3, 2, 3]];

lockstep.colourOf = (colour, place) => {
  if (colour in lockstep.activities) return lockstep.activities[colour];
  const number = colour === undefined ? place : Number(colour);
  return lockstep.palette[number % lockstep.palette.length];
};

lockstep.shorten = (value) => {
  if (value === null || value === undefined || Number.isNaN(value)) return "-";
  const size = Math.abs(value);
  if (size >= 1e15 || (size < 1e-4 && size > 0)) return value.toExponential(2);
  return Number(value.toPrecision(size >= 1e5 ? 6 : 4)).toLocaleString("en", {maximumSignificantDigits: 6});
};

/** A name that leaves room for the chart of this width; its ends tell names apart. */
lockstep.cut = (name, width) => {
  const most = width < 500 ? 22 : 44;
  const tail = Math.floor(most / 3);
  return name.length <= most ? name : `${name.slice(0, most - tail - 1)}\u2026${name.slice(-tail)}`;
};

/** Ticks of a category axis are names. */
lockstep.nameTick = function (value) {
  return lockstep.cut(this.getLabelForValue(value), this.chart.width);
};

/** Colours of text and lines, as the style sheet has them for light, dark and paper. */
lockstep.theme = () => {
  const style = getComputedStyle(document.documentElement);
  const value = (name) => style.getPropertyValue(name).trim();
  return {text: value("--text"), soft: value("--soft"), grid: value("--grid"), surface: value("--surface")};
};

lockstep.axis = (title, theme, extra = {}) => ({
  title: {display: Boolean(title), text: title, color: theme.text},
  grid: {color: theme.grid, borderColor: theme.soft},
  ...extra,
  ticks: {color: theme.text, callback: (value) => lockstep.shorten(value), ...extra.ticks},
});

/** Ticks of a logarithmic axis at 1, 2 and 5 of each power of ten. */
lockstep.logTick = (value) => {
  const digit = Math.round(value / 10 ** Math.floor(Math.log10(value) + 1e-9));
  return [1, 2, 5].includes(digit) ? lockstep.shorten(value) : "";
};

lockstep.legend = (theme, datasets) => ({
  display: datasets.filter((set) => !set.isAid).length > 1,
  position: "bottom",
  labels: {
    color: theme.text, usePointStyle: true, boxWidth: 9, boxHeight: 7, padding: 14,
    filter: (item) => !datasets[item.datasetIndex].isAid,
    generateLabels: (chart) => Chart.defaults.plugins.legend.labels.generateLabels(chart)
      .map((item) => ({...item, text: lockstep.cut(item.text, chart.width)})),
  },
});

lockstep.options = (theme, datasets) => ({
  responsive: true,
  maintainAspectRatio: false,
  animation: false,
  color: theme.text,
  plugins: {
    legend: lockstep.legend(theme, datasets),
    tooltip: {filter: (item) => !item.dataset.isAid},
  },
});

/** A line, and the edges of its band if it has one. */
lockstep.lineSets = (series, place) => {
  const colour = lockstep.colourOf(series.colour, place);
  const at = (point, value) => ({x: point[0], y: value === null ? NaN : value});
  const line = {
    label: series.name, borderColor: colour, backgroundColor: colour, borderWidth: 2,
    data: series.points.map((point) => at(point, point[1])),
    pointStyle: lockstep.shapes[place % lockstep.shapes.length],
    pointRadius: series.points.length > 60 ? 0 : 4,
    borderDash: series.dashed ? [6, 4] : lockstep.dashes[Math.floor(place / lockstep.palette.length) % 4],
  };
  if (!series.bands) return [line];
  const edge = (side, fill) => ({
    label: series.name, isAid: true, borderWidth: 0, pointRadius: 0, backgroundColor: `${colour}38`, fill,
    data: series.points.map((point, i) => at(point, series.bands[i][side])),
  });
  return [line, edge(0, false), edge(1, "-1")];
};

lockstep.lines = (view, theme) => {
  const datasets = view.series.flatMap(lockstep.lineSets);
  if (view.marks.length > 0) {
    datasets.push({
      label: "crossing", showLine: false, data: view.marks, pointStyle: "rectRot", pointRadius: 8,
      pointHoverRadius: 10, borderWidth: 2, borderColor: theme.text, backgroundColor: "transparent",
    });
  }
  const options = lockstep.options(theme, datasets);
  options.parsing = false;
  options.interaction = {mode: "nearest", axis: "xy", intersect: false};
  const ticks = view.log_x ? {callback: lockstep.logTick} : {};
  options.scales = {
    x: lockstep.axis(view.x, theme, {type: view.log_x ? "logarithmic" : "linear", ticks: {maxRotation: 0, ...ticks}}),
    y: lockstep.axis(view.y, theme),
  };
  options.plugins.tooltip.callbacks = {
    title: (items) => items.map((item) => `${view.x}: ${lockstep.shorten(item.parsed.x)}`).slice(0, 1),
    label: (item) => item.raw.text || `${item.dataset.label}: ${lockstep.shorten(item.parsed.y)}`,
  };
  return {type: "line", data: {datasets}, options};
};

/** Bars, and over them thin ones from low to high: error bars. */
lockstep.barSets = (view, theme) => view.series.flatMap((series, place) => {
  const colour = lockstep.colourOf(series.colour, place);
  const stack = view.stacked ? "all" : `${place}`;
  const bar = {
    label: series.name, data: series.values, backgroundColor: colour, stack, pointStyle: "rect", order: 2,
    barPercentage: view.stacked ? 1 : 0.9, categoryPercentage: 0.85,
  };
  if (!series.low) return [bar];
  const range = series.low.map((low, i) => [low, series.high[i]]);
  bar.range = range;
  return [bar, {label: series.name, isAid: true, data: range, backgroundColor: theme.text, stack, order: 1,
                maxBarThickness: 3, minBarLength: 2, categoryPercentage: 0.85}];
});

lockstep.bars = (view, theme) => {
  const datasets = lockstep.barSets(view, theme);
  const options = lockstep.options(theme, datasets);
  const categories = lockstep.axis(view.x, theme, {
    stacked: true, grid: {display: false}, ticks: {callback: lockstep.nameTick, autoSkip: view.categories.length > 40},
  });
  const values = lockstep.axis(view.y, theme, {
    stacked: view.stacked, beginAtZero: true, max: view.axis_end ?? undefined,
  });
  options.indexAxis = view.horizontal ? "y" : "x";
  options.scales = view.horizontal ? {x: values, y: categories} : {x: categories, y: values};
  options.interaction = {mode: "index", intersect: false, axis: options.indexAxis};
  options.plugins.tooltip.callbacks = {
    label: (item) => {
      const range = item.dataset.range?.[item.dataIndex].map(lockstep.shorten).join(" to ");
      return `${item.dataset.label}: ${lockstep.shorten(item.raw)}${range ? ` (${range})` : ""}`;
    },
  };
  return {type: "bar", data: {labels: view.categories, datasets}, options};
};

/** Coloured cells: bars that fill their places. */
lockstep.map = (view, theme) => {
  const colour = (place) => view.ordered
    ? lockstep.ramp[Math.round(place * (lockstep.ramp.length - 1) / Math.max(1, view.classes.length - 1))]
    : lockstep.colourOf(undefined, place);
  const datasets = view.classes.map((name, place) => ({
    label: name, backgroundColor: colour(place), stack: "all", barPercentage: 0.97, categoryPercentage: 1,
    pointStyle: "rect",
    data: view.cells.filter((cell) => cell[2] === place).map((cell) => (
      {x: view.columns[cell[0]], y: [cell[1] - 0.48, cell[1] + 0.48], text: cell[3]})),
  }));
  const options = lockstep.options(theme, datasets);
  options.plugins.legend.display = true;
  options.scales = {
    x: lockstep.axis(view.x, theme, {type: "category", stacked: true, grid: {display: false},
                                     ticks: {callback: (value) => view.columns[value]}}),
    y: lockstep.axis(view.y, theme, {
      min: -0.5, max: view.rows.length - 0.5, stacked: false, grid: {display: false},
      ticks: {callback: (value) => view.rows[value] ?? "", autoSkip: false},
      afterBuildTicks: (axis) => {
        axis.ticks = view.rows.map((_, value) => ({value}));
      },
    }),
  };
  options.plugins.tooltip.callbacks = {title: () => "", label: (item) => item.raw.text};
  return {type: "bar", data: {labels: view.columns, datasets}, options};
};

/** Pixels that a view wants to be high. */
lockstep.heightOf = (kind, view) => {
  if (kind === "bars" && view.horizontal) return 90 + Math.max(3, view.categories.length) * (view.categories.length > 40 ? 12 : 22);
  if (kind === "map") return 110 + Math.max(3, view.rows.length) * 34;
  return 320;
};
