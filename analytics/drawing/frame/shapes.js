// What is drawn, as points of the world: constants, the shapes of a file, and what lies where.

const INK = '#14202B';
const WHITE = '#FFFFFF';
const EDGE = 'rgba(20, 32, 43, 0.45)';
const OUTLINE = '#8A97A6';
const WATER = '#CFE2F3';
const ROAD = '#E3E8EE';
const FAMILY = '"Five Colour Sans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
const UNKNOWN = baked.unknown;
const SMALLEST_NAME = 10;
const STEP_ASIDE = 4;
const LONGEST_LEADER = 130;
const MOST_WITH_LEADERS = 300; // areas in view: of more than that no name is looked for outside
const MOST_SIGNED = 100; // areas in view: of more than that, those too small for a sign would be hidden by all these
const LARGEST_NAME = { strong: 21, calm: 17 };
const SMALLEST_MARK = 8;
const LARGEST_MARK = 15;
const SMALLEST_SIGN = 6;
const LARGEST_SIGN = 9;
const FILLED_AT_ONCE = 8; // measured: one path of 4,000 polygons takes ten times as long

const flags = document.documentElement.dataset;
let shapes = null;
let colours = { tiers: '', selected: null, changes: '', carried: '', held: '', override: '', outlined: '', behind: '', untold: '', words: {} };
let moved = false;
let fitting = false;
let home = null;

// ---- shapes

// Rings arrive as whole numbers, each point relative to the one before; here they become points of the world at
// zoom 0, relative to the origin of the file: a zoom is then one multiplication.
function decoder(file) {
  const [lon0, lat0] = file.origin;
  const toWorld = (x, y) =>
    L.CRS.EPSG3857.latLngToPoint(L.latLng((lat0 + y) / file.scale, (lon0 + x) / file.scale), 0);
  const base = toWorld(0, 0);
  const point = (x, y) => toWorld(x, y).subtract(base);
  const line = (steps) => {
    const xy = new Float64Array(steps.length);
    let x = 0;
    let y = 0;
    for (let k = 0; k < steps.length; k += 2) {
      x += steps[k];
      y += steps[k + 1];
      const at = point(x, y);
      xy[k] = at.x;
      xy[k + 1] = at.y;
    }
    return xy;
  };
  return { base, point, line };
}

function boxOf(lines) {
  const box = { x0: Infinity, y0: Infinity, x1: -Infinity, y1: -Infinity };
  for (const xy of lines) {
    for (let k = 0; k < xy.length; k += 2) {
      if (xy[k] < box.x0) box.x0 = xy[k];
      if (xy[k] > box.x1) box.x1 = xy[k];
      if (xy[k + 1] < box.y0) box.y0 = xy[k + 1];
      if (xy[k + 1] > box.y1) box.y1 = xy[k + 1];
    }
  }
  return box;
}

function decode(file) {
  const { base, point, line } = decoder(file);
  const areas = file.areas.map(([id, name, short, label, rings]) => {
    const lines = rings.map(line);
    return { id, name, short: short || name, rings: lines, box: boxOf(lines), label: label && point(...label) };
  });
  const sides = areas
    .map(({ box }) => Math.sqrt((box.x1 - box.x0) * (box.y1 - box.y0)))
    .filter(Number.isFinite)
    .sort((a, b) => a - b);
  return {
    base,
    areas,
    position: new Map(areas.map(({ id }, i) => [id, i])),
    outer: file.outer.map(line),
    communities: file.communities.map(line),
    water: file.water.map(line),
    roads: file.roads.map(line),
    box: boxOf(areas.flatMap(({ rings }) => rings)),
    side: sides.length ? sides[sides.length >> 1] : 0,
  };
}

// ---- geometry

function ringHolds(xy, x, y) {
  let inside = false;
  for (let k = 0, j = xy.length - 2; k < xy.length; j = k, k += 2) {
    const crosses = xy[k + 1] > y !== xy[j + 1] > y;
    if (crosses && x < ((xy[j] - xy[k]) * (y - xy[k + 1])) / (xy[j + 1] - xy[k + 1]) + xy[k]) inside = !inside;
  }
  return inside;
}

function holds(area, x, y) {
  const { box } = area;
  if (x < box.x0 || x > box.x1 || y < box.y0 || y > box.y1) return false;
  return area.rings.reduce((inside, ring) => inside !== ringHolds(ring, x, y), false);
}

function edgeMeets(ax, ay, bx, by, box) {
  if ((ax < box.x0 && bx < box.x0) || (ax > box.x1 && bx > box.x1)) return false;
  if ((ay < box.y0 && by < box.y0) || (ay > box.y1 && by > box.y1)) return false;
  const side = (x, y) => (bx - ax) * (y - ay) - (by - ay) * (x - ax);
  const sides = [side(box.x0, box.y0), side(box.x1, box.y0), side(box.x0, box.y1), side(box.x1, box.y1)];
  return !(sides.every((s) => s > 0) || sides.every((s) => s < 0));
}

// A box lies inside a polygon when no edge meets it and its middle is inside: true for bays and holes as well.
function boxFits(area, box) {
  const outside = box.x0 < area.box.x0 || box.x1 > area.box.x1 || box.y0 < area.box.y0 || box.y1 > area.box.y1;
  if (outside) return false;
  for (const xy of area.rings) {
    for (let k = 0, j = xy.length - 2; k < xy.length; j = k, k += 2) {
      if (edgeMeets(xy[j], xy[j + 1], xy[k], xy[k + 1], box)) return false;
    }
  }
  return holds(area, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
}

// Whether a box lies over any part of a polygon.
function touches(area, box) {
  for (const xy of area.rings) {
    for (let k = 0, j = xy.length - 2; k < xy.length; j = k, k += 2) {
      if (edgeMeets(xy[j], xy[j + 1], xy[k], xy[k + 1], box)) return true;
    }
  }
  return holds(area, (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2);
}

// ---- names

// A name is drawn by itself: what turns the direction of writing is left out, and nothing in it moves what stands
// beside it. Characters that mean nothing outside their owner's font are drawn as missing.
const TURNING = /[\u061C\u200E\u200F\u202A-\u202E\u2066-\u2069]/g;
const drawn = (name) => `\u2068${name.replace(TURNING, '').replace(/\p{Co}/gu, '\uFFFD')}\u2069`;

// ---- marks

// Drawn, not typed: fonts disagree about the size and place of ▲ ◆ ■ ● ✔ ▨. Around (0, 0), one em wide.
const MARKS = {
  '▲': [[0, -0.4, 0.42, 0.34, -0.42, 0.34]],
  '▽': [[-0.42, -0.34, 0.42, -0.34, 0, 0.4]],
  '◆': [[0, -0.42, 0.42, 0, 0, 0.42, -0.42, 0]],
  '■': [[-0.34, -0.34, 0.34, -0.34, 0.34, 0.34, -0.34, 0.34]],
  '✔': [[-0.4, 0.06, -0.27, -0.09, -0.09, 0.1, 0.29, -0.37, 0.42, -0.25, -0.08, 0.37]],
  '▨': [
    [-0.38, -0.38, 0.38, -0.38, 0.38, 0.38, -0.38, 0.38],
    [-0.3, -0.3, -0.3, 0.3, 0.3, 0.3, 0.3, -0.3],
    [-0.34, 0.06, 0.06, -0.34, 0.16, -0.34, -0.34, 0.16],
    [-0.16, 0.34, 0.34, -0.16, 0.34, -0.06, -0.06, 0.34],
  ],
};

function traceMark(context, mark, x, y, size) {
  if (mark === '●') {
    context.moveTo(x + 0.36 * size, y);
    context.arc(x, y, 0.36 * size, 0, 2 * Math.PI);
    return;
  }
  for (const xy of MARKS[mark] || []) {
    context.moveTo(x + xy[0] * size, y + xy[1] * size);
    for (let k = 2; k < xy.length; k += 2) context.lineTo(x + xy[k] * size, y + xy[k + 1] * size);
    context.closePath();
  }
}
