// The script of the map's frame: paints all areas on one canvas and answers hover and click.
//
// It is given what area_map.py bakes into the file, and returns the function that makes a map: from the id of its
// element and where the shapes and fonts lie, a Leaflet map. Leaflet moves and zooms; polygons, lines and labels are
// painted here, because 20,000 Leaflet layers would be restyled one by one at each step of a slider. Afterwards Python
// sends half a character an area to `fiveColour.recolour`.
(baked) => function (elementId, addresses) {
  'use strict';

  const INK = '#14202B';
  const WHITE = '#FFFFFF';
  const EDGE = 'rgba(20, 32, 43, 0.45)';
  const OUTLINE = '#8A97A6';
  const WATER = '#CFE2F3';
  const ROAD = '#E3E8EE';
  const FAMILY = '"Five Colour Sans", "Noto Sans SC", "Noto Sans CJK SC", "Microsoft YaHei", sans-serif';
  const UNKNOWN = baked.unknown;
  const SMALLEST_NAME = 11;
  const LARGEST_NAME = { strong: 21, calm: 17 };
  const SMALLEST_MARK = 8;
  const LARGEST_MARK = 15;
  const FILLED_AT_ONCE = 8; // measured: one path of 4,000 polygons takes ten times as long

  const flags = document.documentElement.dataset;
  let shapes = null;
  let colours = { tiers: '', selected: null, changes: '', words: {} };
  let moved = false;
  let fitting = false;
  let home = null;

  // ---------------------------------------------------------------- shapes

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

  // ---------------------------------------------------------------- geometry

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

  // ---------------------------------------------------------------- marks

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

  // ---------------------------------------------------------------- labels

  const ruler = document.createElement('canvas').getContext('2d');
  const widths = new Map();
  const layouts = { zoom: null, found: new Map() };

  const fontOf = (size, strong) => `${strong ? 700 : 400} ${size}px ${FAMILY}`;

  function emWidth(text, strong) {
    const key = (strong ? 's' : 'c') + text;
    if (!widths.has(key)) {
      ruler.font = fontOf(100, strong);
      widths.set(key, ruler.measureText(text).width / 100);
    }
    return widths.get(key);
  }

  // Strong tiers are read from across a room: their mark is as tall as the name. Calm ones carry a small mark where
  // there is room beside the name. Widths are in em.
  function candidates(area, look) {
    const name = emWidth(area.short, look.strong);
    if (!look.mark) return [{ name, mark: 0, gap: 0 }];
    if (look.strong) return [{ name, mark: 0.84, gap: 0.24 }];
    return [{ name, mark: 0.6, gap: 0.2 }, { name, mark: 0, gap: 0 }];
  }

  function boxAt(x, y, width, height) {
    return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
  }

  const inWorld = (box, scale) =>
    ({ x0: box.x0 / scale, y0: box.y0 / scale, x1: box.x1 / scale, y1: box.y1 / scale });

  // Where a change mark may stand beside a label of this width and height whose middle is (0, 0): the shift of the
  // label and the place of the mark. Above and below leave the name where it is; in a row both move.
  function changePlaces(width, height, radius) {
    const up = height / 2 + radius;
    const across = Math.max(0, width / 2 - radius);
    const aside = width / 2 + radius + 2;
    const row = radius + 1;
    return [
      [0, 0, across, -up], [0, 0, -across, -up], [0, 0, 0, -up], [0, 0, -aside, 0], [0, 0, aside, 0],
      [0, 0, -across, up], [0, 0, across, up], [row, 0, -width / 2 - 1, 0],
      [0, radius, 0, -height / 2], [0, -radius, 0, height / 2],
    ].map(([dx, dy, cx, cy]) => ({ dx, dy, cx, cy }));
  }

  function placed(area, scale, width, height, radius) {
    const x = area.label.x * scale;
    const y = area.label.y * scale;
    const fits = (box) => boxFits(area, inWorld(box, scale));
    if (!radius) return fits(boxAt(x, y, width, height)) ? { x, y } : null;
    for (const { dx, dy, cx, cy } of changePlaces(width, height, radius)) {
      const free = fits(boxAt(x + dx, y + dy, width, height)) && fits(boxAt(x + cx, y + cy, 2 * radius, 2 * radius));
      if (free) return { x: x + dx, y: y + dy, change: { x: x + cx, y: y + cy, radius: radius - 1 } };
    }
    return null;
  }

  function named(area, look, scale, changed) {
    const margin = lineStyle(scale).gap + 3;
    const largest = look.strong ? LARGEST_NAME.strong : LARGEST_NAME.calm;
    for (let size = largest; size >= SMALLEST_NAME; size -= 1) {
      const radius = changed ? Math.min(10, 0.3 * size + 4.5) : 0;
      for (const em of candidates(area, look)) {
        const width = (em.name + em.mark + em.gap) * size;
        const place = placed(area, scale, width + margin, size + margin, radius);
        if (place) return { ...place, text: area.short, size, width, mark: em.mark * size };
      }
    }
    return null;
  }

  function marked(area, scale, changed) {
    for (let size = LARGEST_MARK; size >= SMALLEST_MARK; size -= 1) {
      const place = placed(area, scale, size + 1, size + 1, changed ? Math.max(6, 0.55 * size) : 0);
      if (place) return { ...place, text: '', size, width: size, mark: size };
    }
    return null;
  }

  // A change mark matters less than the name, and the name less than the mark of the tier: each gives way in turn.
  function layout(area, code, changed, scale) {
    if (!area.label) return null;
    const side = Math.min(area.box.x1 - area.box.x0, area.box.y1 - area.box.y0) * scale;
    if (side < SMALLEST_MARK) return null;
    const look = baked.looks[code];
    return (
      (changed && named(area, look, scale, true)) || named(area, look, scale, false) ||
      (look.mark && ((changed && marked(area, scale, true)) || marked(area, scale, false))) || null
    );
  }

  function layoutOf(i, code, changed, scale) {
    if (layouts.zoom !== scale) {
      layouts.zoom = scale;
      layouts.found.clear();
    }
    const key = `${i}${code}${changed ? '*' : ''}`;
    if (!layouts.found.has(key)) layouts.found.set(key, layout(shapes.areas[i], code, changed, scale));
    return layouts.found.get(key);
  }

  // ---------------------------------------------------------------- painting

  const lineSheet = document.createElement('canvas');
  let lastView = '';
  let labels = [];

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
  function hatching(context, view) {
    const side = 8;
    const tile = document.createElement('canvas');
    tile.width = tile.height = Math.round(side * view.ratio);
    const pen = tile.getContext('2d');
    pen.scale(tile.width / side, tile.height / side);
    pen.fillStyle = baked.hatch.ground;
    pen.fillRect(0, 0, side, side);
    pen.strokeStyle = baked.hatch.line;
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

  function paintRoads(context, view) {
    context.beginPath();
    trace(context, shapes.roads, view, false);
    stroke(context, ROAD, 2);
  }

  function paintSelected(context, view) {
    const i = shapes.position.get(colours.selected);
    if (i === undefined) return;
    const crumb = 8 / view.scale; // what a river leaves of an area on its far side would be a mere blot
    const rings = shapes.areas[i].rings.filter((ring) => {
      const box = boxOf([ring]);
      return Math.max(box.x1 - box.x0, box.y1 - box.y0) > crumb;
    });
    context.lineJoin = 'round';
    context.beginPath();
    trace(context, rings.length ? rings : shapes.areas[i].rings, view);
    stroke(context, WHITE, 8);
    stroke(context, INK, 4);
  }

  function labelsIn(view) {
    const found = [];
    shapes.areas.forEach((area, i) => {
      if (!inView(area.box, view)) return;
      const code = codeOf(i);
      const change = changeOf(i);
      const label = layoutOf(i, code, change !== '', view.scale);
      if (label) found.push({ ...label, code, change: label.change && { ...label.change, way: change }, area });
    });
    return found;
  }

  // All marks of a tier are one path: 5,000 single fills would cost more than the areas.
  function paintMarks(context, view) {
    const byCode = {};
    for (const label of labels) if (label.mark) (byCode[label.code] ||= []).push(label);
    for (const [code, group] of Object.entries(byCode)) {
      const look = baked.looks[code];
      context.fillStyle = look.on_fill;
      context.beginPath();
      for (const { x, y, width, mark } of group) {
        traceMark(context, look.mark, x + view.dx - width / 2 + mark / 2, y + view.dy, mark);
      }
      context.fill();
    }
  }

  function paintNames(context, view) {
    context.textAlign = 'right';
    context.textBaseline = 'alphabetic';
    for (const { text, x, y, width, size, code } of labels) {
      if (!text) continue;
      const look = baked.looks[code];
      const right = x + view.dx + width / 2;
      const line = y + view.dy + 0.37 * size;
      context.font = fontOf(size, look.strong);
      if (code === UNKNOWN) {
        context.lineJoin = 'round';
        context.strokeStyle = baked.hatch.ground;
        context.lineWidth = 4;
        context.strokeText(text, right, line);
      }
      context.fillStyle = look.on_fill;
      context.fillText(text, right, line);
    }
  }

  function paintChanges(context, view) {
    for (const { change } of labels) {
      if (!change) continue;
      const x = change.x + view.dx;
      const y = change.y + view.dy;
      context.beginPath();
      context.arc(x, y, change.radius - 0.75, 0, 2 * Math.PI);
      context.fillStyle = WHITE;
      context.fill();
      stroke(context, INK, 1.5);
      context.beginPath();
      if (change.way === '+') {
        traceMark(context, '▲', x, y - 0.5, 1.25 * change.radius);
        context.fillStyle = INK;
        context.fill();
      } else {
        traceMark(context, '▽', x, y + 0.5, 1.15 * change.radius);
        stroke(context, INK, 1.5);
      }
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
    labels = labelsIn(view);
    paintRoads(context, view);
    paintFills(context, view);
    context.drawImage(lineSheet, 0, 0, view.width, view.height);
    paintSelected(context, view);
    paintMarks(context, view);
    paintNames(context, view);
    paintChanges(context, view);
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

  // ---------------------------------------------------------------- pointer

  function areaAt(latlng) {
    if (!shapes) return -1;
    const at = map.project(latlng, 0).subtract(shapes.base);
    return shapes.areas.findIndex((area) => holds(area, at.x, at.y));
  }

  // Python hears of a click through st_folium's 'last_active_drawing', which reports a change only: the time makes
  // a second click on the same area a change, too (somebody may have chosen another one elsewhere meanwhile).
  function feature(area) {
    const properties = { area_id: area.id, clicked_at: Date.now() };
    return { toGeoJSON: () => ({ type: 'Feature', properties, geometry: null }) };
  }

  function onClick(event) {
    const i = areaAt(event.latlng);
    if (i >= 0) painting.fire('click', { latlng: event.latlng, layer: feature(shapes.areas[i]) });
  }

  const card = L.DomUtil.create('div', 'five-card');
  const cardLines = ['b', 'span', 'span'].map((tag) => card.appendChild(document.createElement(tag)));

  function hideCard() {
    card.hidden = true;
    map.getContainer().style.cursor = '';
  }

  // Names are data of the user's: they are set as text, never as HTML.
  function showCard(i, point) {
    const words = [shapes.areas[i].name, colours.words[codeOf(i)], colours.words[changeOf(i)]];
    cardLines.forEach((line, k) => {
      line.textContent = words[k] || '';
      line.hidden = !words[k];
    });
    card.hidden = false;
    map.getContainer().style.cursor = 'pointer';
    const size = map.getSize();
    const left = point.x + 16 + card.offsetWidth > size.x ? point.x - 12 - card.offsetWidth : point.x + 16;
    const top = point.y + 16 + card.offsetHeight > size.y ? point.y - 12 - card.offsetHeight : point.y + 16;
    card.style.transform = `translate(${Math.max(0, left)}px, ${Math.max(0, top)}px)`;
  }

  function onHover(event) {
    const i = map.dragging.moving() ? -1 : areaAt(event.latlng);
    if (i < 0 || !colours.tiers) hideCard();
    else showCard(i, event.containerPoint);
  }

  // ---------------------------------------------------------------- view

  function bounds() {
    const corner = (x, y) => map.unproject(L.point(x, y).add(shapes.base), 0);
    return L.latLngBounds(corner(shapes.box.x0, shapes.box.y1), corner(shapes.box.x1, shapes.box.y0));
  }

  // All areas in the frame, exactly: steps of zoom are for the user's hand. Zooming out ends here, so that nobody
  // loses the map.
  function fit() {
    const size = map.getSize();
    if (!shapes || !shapes.areas.length || !size.x || !size.y) return;
    const snap = map.options.zoomSnap;
    fitting = true;
    map.options.zoomSnap = 0;
    map.options.minZoom = 0;
    map.fitBounds(bounds(), { padding: [8, 8], animate: false });
    map.options.zoomSnap = snap;
    fitting = false;
    moved = false;
    home = map.getZoom();
    map.options.minZoom = home;
    map.fire('zoomlevelschange');
    allowDragging();
  }

  function onMoveEnd() {
    if (fitting || home === null || !moved) return;
    if (map.getZoom() <= home || !map.getBounds().intersects(bounds())) fit();
  }

  // On a phone a finger on the whole map scrolls the page; only a map that was zoomed in is dragged.
  function allowDragging() {
    if (L.Browser.mobile && map.getZoom() <= home) map.dragging.disable();
    else map.dragging.enable();
  }

  function onUserMove() {
    if (!fitting) moved = true;
  }

  function onResize() {
    map.invalidateSize({ animate: false });
    if (!moved) fit();
  }

  // ---------------------------------------------------------------- the frame

  const STYLE = `
    html, body { margin: 0; overflow: hidden; background: transparent !important; } /* the card it stands on shows */
    body > span { display: none; }
    #${elementId} { height: 100vh !important; background: transparent; font: 14px/1.45 ${FAMILY}; outline-offset: -2px; }
    .five-card { position: absolute; left: 0; top: 0; z-index: 1000; pointer-events: none; max-width: 260px;
      padding: 8px 12px; background: #FFFFFF; color: ${INK}; border: 1px solid #D5DCE4; border-radius: 8px;
      box-shadow: 0 4px 14px rgba(20, 32, 43, 0.14); }
    .five-card[hidden], .five-card [hidden] { display: none; }
    .five-card b, .five-card span { display: block; overflow-wrap: anywhere; }
    .five-card span { color: #44525F; font-size: 13px; }
    .five-missing { position: absolute; inset: 0; display: grid; place-items: center; padding: 24px;
      text-align: center; color: #44525F; }
    #${elementId} .leaflet-control-zoom { border: 1px solid #D5DCE4; border-radius: 8px; overflow: hidden;
      box-shadow: none; margin: 8px; }
    #${elementId} .leaflet-control-zoom a { width: 28px; height: 28px; line-height: 26px; font: 400 18px/26px ${FAMILY};
      color: ${INK}; background: #FFFFFF; border-color: #E6EBF0; }
    #${elementId} .leaflet-control-zoom a:hover { background: #F3F5F8; }
    #${elementId} .leaflet-control-zoom a.leaflet-disabled { color: #A9B3BE; background: #FFFFFF; }
  `;

  function dress() {
    const style = document.createElement('style');
    style.textContent = STYLE;
    document.head.appendChild(style);
    document.documentElement.lang = baked.words.lang;
    const container = map.getContainer();
    container.setAttribute('role', 'group');
    container.setAttribute('aria-label', baked.words.label);
    card.hidden = true;
    container.appendChild(card);
  }

  async function loadFonts() {
    const faces = [['Regular', '400'], ['Bold', '700']].map(
      ([file, weight]) =>
        new FontFace('Five Colour Sans', `url("${addresses.fonts}/FiveColourSans-${file}.woff2")`, { weight }),
    );
    const loaded = await Promise.allSettled(faces.map((face) => face.load()));
    loaded.forEach(({ value }) => value && document.fonts.add(value));
    widths.clear();
    layouts.zoom = null;
    flags.fonts = loaded.filter(({ value }) => value).length;
    paint();
  }

  // The address holds the digest of the content, so a copy in the browser's cache can never be stale.
  async function loadShapes() {
    try {
      const answer = await fetch(addresses.shapes, { cache: 'force-cache' });
      if (!answer.ok) throw new Error(`${answer.status} ${addresses.shapes}`);
      shapes = decode(await answer.json());
    } catch (error) {
      const notice = L.DomUtil.create('p', 'five-missing', map.getContainer());
      notice.setAttribute('role', 'alert');
      notice.textContent = baked.words.missing;
      flags.mapReady = 'failed';
      throw error;
    }
    fit();
    paint();
  }

  const calm = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  const map = L.map(elementId, {
    center: [0, 0],
    zoom: 1,
    zoomSnap: 0.25,
    zoomDelta: 0.5,
    maxZoom: 20,
    preferCanvas: true,
    attributionControl: false,
    zoomControl: false,
    zoomAnimation: !calm,
    inertia: !calm,
  });
  L.control
    .zoom({ position: 'bottomright', zoomInTitle: baked.words.zoom_in, zoomOutTitle: baked.words.zoom_out })
    .addTo(map);
  const painting = new Painting().addTo(map);
  const token = L.layerGroup();

  dress();
  map.on({ click: onClick, mousemove: onHover, mouseout: hideCard, zoomstart: onUserMove, dragstart: onUserMove });
  map.on({ moveend: onMoveEnd, movestart: hideCard, zoomend: allowDragging });
  new ResizeObserver(onResize).observe(map.getContainer());

  window.fiveColour = {
    // Returns the one empty layer that stands for the colours: st_folium removes the old layer and adds the new one
    // at each step and keeps all old ones in a list, which is emptied here.
    recolour(tiers, { areas, selected = null, changes = '', words = {} }) {
      colours = {
        tiers: unpacked(tiers, baked.codes, 2).slice(0, areas),
        selected,
        changes: unpacked(changes, baked.ways, 3),
        words: { ...baked.words.pointer, ...words },
      };
      window.feature_group = [];
      hideCard();
      paint();
      return token;
    },

    // For tests: what the map shows now.
    state() {
      const { lat, lng } = map.getCenter();
      return {
        zoom: map.getZoom(),
        center: [lat, lng],
        tiers: colours.tiers,
        selected: colours.selected,
        areas: shapes ? shapes.areas.length : 0,
        labels: labels.map(({ area, text, mark, size, code, change }) =>
          ({ id: area.id, text, mark: mark ? baked.looks[code].mark : '', size, change: change ? change.way : '' })),
      };
    },

    // For tests: an inner point of an area in px of the frame.
    pointOf(id) {
      const area = shapes.areas[shapes.position.get(id)];
      const { x, y } = map.latLngToContainerPoint(map.unproject(area.label.add(shapes.base), 0));
      return { x, y };
    },
  };

  const failed = (error) => console.error(error);
  loadShapes().catch(failed);
  loadFonts().catch(failed);
  return map;
}
