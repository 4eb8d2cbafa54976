// Names and marks: which of them have room in their area, and where.

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
