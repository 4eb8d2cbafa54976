// One canvas: fills, lines, roads, names and marks of what is in view.

const lineSheet = document.createElement('canvas');
let lastView = '';
let labels = [];
let beside = []; // names that stand outside, at the end of a line
let dotted = []; // ids of the areas that have the dotted line of a carried tier
let outlined = []; // ids of those that are outlined
let behind = []; // ids of those that are hatched, for what was due there was not done
let untold = []; // ids of those that are hatched the other way, for nobody knows whether it was

// Several symbols of an alphabet are one digit, the first weighing most.
function unpacked(digits, alphabet, together) {
  const symbols = [];
  for (const digit of digits) {
    let number = baked.digits.indexOf(digit);
    const found = [];
    for (let k = 0; k < together; k += 1) {
      found.unshift(alphabet[number % alphabet.length]);
      number = Math.floor(number / alphabet.length);
    }
    symbols.push(...found);
  }
  return symbols.join('');
}

const codeOf = (i) => (baked.looks[colours.tiers[i]] ? colours.tiers[i] : UNKNOWN);

function changeOf(i) {
  const change = colours.changes[i];
  return change === '+' || change === '-' ? change : '';
}

const hasFlag = (name, i) => colours[name] && colours[name][i] === '~';
const isCarried = (i) => hasFlag('carried', i) && codeOf(i) !== UNKNOWN;

// The signs of an area in their order: what changed, then what keeps its tier.
function signsOf(i) {
  const change = { '+': ['raised'], '-': ['lowered'] }[changeOf(i)] || [];
  const kept = ['held', 'carried', 'override', 'order'].filter((name) => (name === 'carried' ? isCarried(i) : hasFlag(name, i)));
  return [...change, ...kept];
}

// Those of them that are never left out: what a person decided, and what changed.
const ALWAYS = ['raised', 'lowered', 'override'];
const mustOf = (names) => names.filter((name) => ALWAYS.includes(name));

// A label with which of its area's signs stand there: all, or those that are never left out.
function withNames(label, i) {
  if (!label || !label.signs) return label && { ...label, signs: null };
  const names = signsOf(i);
  return { ...label, signs: { ...label.signs, names: label.signs.number === names.length ? names : mustOf(names) } };
}

// White lines as wide as the areas can bear.
function lineStyle(scale) {
  const side = shapes.side * scale;
  if (side < 14) return { gap: 0.5, community: 1.5, edge: 0 };
  if (side < 28) return { gap: 1, community: 2.5, edge: 0 };
  return { gap: 2, community: 4, edge: 0.8 };
}

function viewNow() {
  const zoom = map.getZoom();
  const scale = 2 ** zoom;
  const corner = map.getPixelOrigin().add(painting._bounds.min);
  const size = painting._bounds.getSize();
  return {
    scale,
    dx: shapes.base.x * scale - corner.x,
    dy: shapes.base.y * scale - corner.y,
    width: size.x,
    height: size.y,
    padX: (size.x - map.getSize().x) / 2, // what is painted beyond the frame, for the next move
    padY: (size.y - map.getSize().y) / 2,
    ratio: window.devicePixelRatio || 1,
  };
}

function inView(box, view) {
  return (
    box.x1 * view.scale + view.dx >= 0 && box.x0 * view.scale + view.dx <= view.width &&
    box.y1 * view.scale + view.dy >= 0 && box.y0 * view.scale + view.dy <= view.height
  );
}

function trace(context, lines, view, close = true) {
  const { scale, dx, dy } = view;
  for (const xy of lines) {
    context.moveTo(xy[0] * scale + dx, xy[1] * scale + dy);
    for (let k = 2; k < xy.length; k += 2) context.lineTo(xy[k] * scale + dx, xy[k + 1] * scale + dy);
    if (close) context.closePath();
  }
}

function sizeSheet(canvas, view) {
  const width = Math.round(view.width * view.ratio);
  const height = Math.round(view.height * view.ratio);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext('2d');
  context.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
  context.clearRect(0, 0, view.width, view.height);
  return context;
}

// Lines of 45 degrees, on a tile of 8 px; they stay with the ground when the map is moved.
function hatching(context, view, line = baked.hatch.line, ground = baked.hatch.ground, mirrored = false) {
  const side = 8;
  const tile = document.createElement('canvas');
  tile.width = tile.height = Math.round(side * view.ratio);
  const pen = tile.getContext('2d');
  pen.scale(tile.width / side, tile.height / side);
  pen.fillStyle = ground;
  pen.fillRect(0, 0, side, side);
  if (mirrored) pen.transform(-1, 0, 0, 1, side, 0);
  pen.strokeStyle = line;
  pen.lineWidth = 2;
  pen.beginPath();
  for (const shift of [-side, 0, side]) {
    pen.moveTo(shift - 2, side + 2);
    pen.lineTo(shift + side + 2, -2);
  }
  pen.stroke();
  const pattern = context.createPattern(tile, 'repeat');
  const whole = (value) => Math.round(value * view.ratio) / view.ratio; // between two pixels the lines would blur
  const turn = new DOMMatrix().translate(whole(view.dx % side), whole(view.dy % side)).scale(side / tile.width);
  pattern.setTransform(turn);
  return pattern;
}

function paintFills(context, view) {
  const byCode = {};
  shapes.areas.forEach((area, i) => {
    if (inView(area.box, view)) (byCode[codeOf(i)] ||= []).push(area);
  });
  for (const [code, areas] of Object.entries(byCode)) {
    context.fillStyle = code === UNKNOWN ? hatching(context, view) : baked.looks[code].fill;
    for (let first = 0; first < areas.length; first += FILLED_AT_ONCE) {
      context.beginPath();
      for (const area of areas.slice(first, first + FILLED_AT_ONCE)) trace(context, area.rings, view);
      context.fill();
    }
  }
}

function stroke(context, colour, width) {
  context.strokeStyle = colour;
  context.lineWidth = width;
  context.stroke();
}

// Lines change with the view only, not with the colours: they are painted once a view and laid over the fills.
function paintLines(view) {
  const context = sizeSheet(lineSheet, view);
  const style = lineStyle(view.scale);
  context.lineJoin = 'round';
  context.save();
  context.beginPath();
  trace(context, shapes.outer, view);
  context.clip();
  context.beginPath();
  for (const area of shapes.areas) if (inView(area.box, view)) trace(context, area.rings, view);
  if (style.edge) stroke(context, EDGE, style.gap + 2 * style.edge);
  stroke(context, WHITE, style.gap);
  context.beginPath();
  trace(context, shapes.communities, view, false);
  stroke(context, WHITE, style.community);
  context.restore();
  context.beginPath();
  trace(context, shapes.outer, view);
  stroke(context, style.edge ? WHITE : OUTLINE, 1);
  context.beginPath();
  trace(context, shapes.water, view);
  context.fillStyle = WATER;
  context.fill();
}

// The tier's own colour hatched: in the one that is legible on it where what is due was not done, and the other way, in
// white, where nobody knows. Gives the ids of those that are.
function paintHatched(context, view, flag) {
  const ids = [];
  const byCode = {};
  shapes.areas.forEach((area, i) => {
    if (!hasFlag(flag, i) || codeOf(i) === UNKNOWN) return;
    ids.push(area.id);
    if (inView(area.box, view)) (byCode[codeOf(i)] ||= []).push(area);
  });
  for (const [code, areas] of Object.entries(byCode)) {
    const { on_fill: dark, fill } = baked.looks[code];
    context.fillStyle = flag === 'behind' ? hatching(context, view, dark, fill) : hatching(context, view, WHITE, fill, true);
    for (const area of areas) {
      context.beginPath();
      trace(context, area.rings, view);
      context.fill();
    }
  }
  return ids;
}

// A tier that is carried on has a dotted line inside its edge: no colour, not the hatching, and there in grey print.
// The dots are what a wide line inside the area leaves when a less wide one in the area's own colour is laid over it.
function paintCarried(context, view) {
  dotted = [];
  const { inset, dot, every } = dotStyle(view.scale);
  if (!dot) return;
  context.save();
  context.lineJoin = 'round';
  shapes.areas.forEach((area, i) => {
    if (!isCarried(i) || !inView(area.box, view)) return;
    const look = baked.looks[codeOf(i)];
    context.save();
    context.beginPath();
    trace(context, area.rings, view);
    context.clip();
    context.setLineDash([dot, every - dot]);
    stroke(context, look.on_fill, 2 * (inset + dot));
    context.setLineDash([]);
    stroke(context, look.fill, 2 * inset);
    context.restore();
    dotted.push(area.id);
  });
  context.restore();
}

// How far inside, how large and how far apart the dots are; none where areas are too small for them.
function dotStyle(scale) {
  const side = shapes.side * scale;
  if (side < 12) return { inset: 0, dot: 0, every: 0 };
  if (side < 28) return { inset: 1.5, dot: 1.2, every: 3 };
  return { inset: 3.5, dot: 1.8, every: 5 };
}

function paintRoads(context, view) {
  context.beginPath();
  trace(context, shapes.roads, view, false);
  stroke(context, ROAD, 2);
}

// A dark line around an area on a white one: a colour stays as it is, and nothing beside it fades.
function paintOutline(context, view, area, width) {
  const crumb = 8 / view.scale; // what a river leaves of an area on its far side would be a mere blot
  const rings = area.rings.filter((ring) => {
    const box = boxOf([ring]);
    return Math.max(box.x1 - box.x0, box.y1 - box.y0) > crumb;
  });
  context.lineJoin = 'round';
  context.beginPath();
  trace(context, rings.length ? rings : area.rings, view);
  stroke(context, WHITE, 2 * width);
  stroke(context, INK, width);
}

function paintOutlined(context, view) {
  const width = shapes.side * view.scale < 20 ? 1.5 : 2.5;
  outlined = [];
  shapes.areas.forEach((area, i) => {
    if (!hasFlag('outlined', i)) return;
    outlined.push(area.id);
    if (inView(area.box, view)) paintOutline(context, view, area, width);
  });
}

function paintSelected(context, view) {
  const i = shapes.position.get(colours.selected);
  if (i !== undefined) paintOutline(context, view, shapes.areas[i], 4);
}

function labelsIn(view) {
  const found = [];
  const nameless = [];
  const there = shapes.areas.map((_, i) => i).filter((i) => inView(shapes.areas[i].box, view));
  const few = there.length <= MOST_WITH_LEADERS;
  const anyway = there.filter((i) => mustOf(signsOf(i)).length).length <= MOST_SIGNED;
  for (const i of there) {
    const area = shapes.areas[i];
    const code = codeOf(i);
    const names = signsOf(i);
    const counts = { must: mustOf(names).length, all: names.length };
    const label = layoutOf(i, code, counts, view.scale) ||
      (anyway && layoutOf(i, code, counts, view.scale, signedLayout));
    if (!label) continue;
    const here = { ...withNames(label, i), code, area };
    found.push(here);
    if (area.short && !label.text) nameless.push({ i, label: here, code, counts });
  }
  if (!few || flags.fonts === undefined) return { found, beside: [] };
  const order = baked.codes;
  nameless.sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code));
  return { found, beside: findRoom(nameless, view, busyIn(view, found)) };
}

// What a name beside the map may not lie over, nor its line: the buttons, and labels.
function busyIn(view, found) {
  const { x0, y0, x1, y1 } = cornerBox(zoomButtons.getPosition(), map.getSize());
  const buttons = { x0: x0 + view.padX, y0: y0 + view.padY, x1: x1 + view.padX, y1: y1 + view.padY };
  return { boxes: [buttons], labels: found.flatMap((label) => labelBoxes(label, view)), lines: [] };
}

// All marks of a tier are one path: 5,000 single fills would cost more than the areas.
function paintMarks(context, view) {
  const byCode = {};
  for (const label of labels) if (label.mark) (byCode[label.code] ||= []).push(label);
  for (const [code, group] of Object.entries(byCode)) {
    const look = baked.looks[code];
    context.fillStyle = look.on_fill;
    context.beginPath();
    for (const { x, y, width, mark, rows, size, turned } of group) {
      const before = mark / 2 - width / 2;
      const [right, down] = rows > 1 ? [0, -0.5 * size] : turned ? [0, -before] : [before, 0];
      traceMark(context, look.mark, x + view.dx + right, y + view.dy + down, mark);
    }
    context.fill();
  }
}

function paintNames(context, view) {
  context.textAlign = 'right';
  context.textBaseline = 'alphabetic';
  context.direction = 'ltr';
  for (const { text: name, x, y, width, size, code, rows, turned, area } of labels) {
    if (!name) continue;
    const text = drawn(name);
    const look = baked.looks[code];
    const right = rows > 1 ? (emWidth(name, look.strong) * size) / 2 : width / 2;
    const line = (rows > 1 ? 0.87 : 0.37) * size;
    context.save();
    context.translate(x + view.dx, y + view.dy);
    if (turned) context.rotate(-Math.PI / 2);
    context.font = fontOf(size, look.strong);
    const hatched = behind.includes(area.id) || untold.includes(area.id);
    if (code === UNKNOWN || hatched) {
      context.lineJoin = 'round';
      context.strokeStyle = hatched ? look.fill : baked.hatch.ground;
      context.lineWidth = 4;
      context.strokeText(text, right, line);
    }
    context.fillStyle = look.on_fill;
    context.fillText(text, right, line);
    context.restore();
  }
}

// In a white circle with a dark edge, which stands out on every colour.
function paintSigns(context, view) {
  for (const { signs } of labels) {
    if (!signs) continue;
    signs.names.forEach((name, k) => {
      const { path, filled, stroke: width } = baked.marks[name];
      const radius = signs.radius - 1;
      const aside = (k - (signs.names.length - 1) / 2) * 2 * signs.radius;
      const x = signs.x + view.dx + (signs.column ? 0 : aside);
      const y = signs.y + view.dy + (signs.column ? aside : 0);
      context.beginPath();
      context.arc(x, y, radius - 0.75, 0, 2 * Math.PI);
      context.fillStyle = WHITE;
      context.fill();
      stroke(context, INK, 1.5);
      context.save();
      context.translate(x, y);
      context.scale((2 * radius) / baked.box, (2 * radius) / baked.box);
      context.translate(-baked.box / 2, -baked.box / 2);
      context.lineCap = 'round';
      context.lineJoin = 'round';
      context.lineWidth = width;
      context.strokeStyle = INK;
      context.fillStyle = INK;
      const form = new Path2D(path);
      context.stroke(form);
      if (filled) context.fill(form);
      context.restore();
    });
  }
}

function paintLeaders(context) {
  context.textAlign = 'center';
  context.textBaseline = 'alphabetic';
  for (const { text, size, strong, from, to, box } of beside) {
    context.beginPath();
    context.moveTo(...from);
    context.lineTo(...to);
    stroke(context, WHITE, 3.5);
    stroke(context, INK, 1.25);
    context.beginPath();
    context.arc(...from, 2.5, 0, 2 * Math.PI);
    context.fillStyle = INK;
    context.fill();
    stroke(context, WHITE, 1);
    context.font = fontOf(size, strong);
    context.fillStyle = INK;
    context.fillText(drawn(text), (box.x0 + box.x1) / 2, (box.y0 + box.y1) / 2 + 0.37 * size);
  }
}

function paint() {
  const size = map.getSize();
  if (!shapes || !colours.tiers || !size.x || !size.y) return;
  const view = viewNow();
  const key = JSON.stringify(view);
  const context = sizeSheet(painting._container, view);
  if (key !== lastView) paintLines(view);
  lastView = key;
  ({ found: labels, beside } = labelsIn(view));
  paintRoads(context, view);
  paintFills(context, view);
  behind = paintHatched(context, view, 'behind');
  untold = paintHatched(context, view, 'untold');
  paintCarried(context, view);
  context.drawImage(lineSheet, 0, 0, view.width, view.height);
  paintOutlined(context, view);
  paintSelected(context, view);
  paintLeaders(context);
  paintMarks(context, view);
  paintNames(context, view);
  paintSigns(context, view);
  flags.painted = Number(flags.painted || 0) + 1;
  flags.mapReady = '1';
}

// Leaflet's renderer keeps a canvas in place while the map is dragged or zoomed; only what is painted is ours.
const Painting = L.Renderer.extend({
  options: { padding: 0.12 },

  _initContainer() {
    this._container = document.createElement('canvas');
    this._container.setAttribute('role', 'img');
    this._container.setAttribute('aria-label', baked.words.label);
  },

  _destroyContainer() {
    this._container.remove();
  },

  _updatePaths() {},

  _update() {
    if (this._map._animatingZoom && this._bounds) return;
    L.Renderer.prototype._update.call(this);
    const size = this._bounds.getSize();
    L.DomUtil.setPosition(this._container, this._bounds.min);
    this._container.style.width = `${size.x}px`;
    this._container.style.height = `${size.y}px`;
    if (shapes && JSON.stringify(viewNow()) === lastView) return;
    paint();
  },
});
