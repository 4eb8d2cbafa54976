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
// there is room beside the name, in smaller letters if need be. Where an area is narrow the mark of its tier stands over
// the name. Widths are in em; forms that are tried together at each size stand in one list. ``turned`` names are read from
// below: in one row, where the area is tall.
function candidates(area, look, turned) {
  const name = emWidth(area.short, look.strong);
  const plain = { name, mark: 0, gap: 0, rows: 1, smallest: SMALLEST_NAME };
  if (!look.mark) return [[plain]];
  const beside = { ...plain, mark: 0.84, gap: 0.24 };
  if (look.strong) return [turned ? [beside] : [beside, { ...plain, mark: 0.84, rows: 2 }]];
  return [[{ ...plain, mark: 0.6, gap: 0.2, smallest: SMALLEST_NAME + 1 }], [plain]];
}

function boxAt(x, y, width, height) {
  return { x0: x - width / 2, y0: y - height / 2, x1: x + width / 2, y1: y + height / 2 };
}

const inWorld = (box, scale) =>
  ({ x0: box.x0 / scale, y0: box.y0 / scale, x1: box.x1 / scale, y1: box.y1 / scale });

// Signs, each with a rim of 1 px around it, in a row or one over the other.
function signsSize({ number, radius, column }) {
  const [one, all] = [2 * radius, 2 * radius * number];
  return column ? [one, all] : [all, one];
}

// Where a row of signs, so wide and so tall, may stand beside a label of this width and height whose middle is (0, 0):
// the shift of the label and the place of the row. Under the name and over it first; in one row both move.
function signPlaces(width, height, wide, tall) {
  const down = (height + tall) / 2;
  const across = Math.max(0, (width - wide) / 2);
  const aside = (width + wide) / 2 + 2;
  return [
    [0, -tall / 2, 0, height / 2], [0, tall / 2, 0, -height / 2], [0, 0, 0, down], [0, 0, across, down],
    [0, 0, -across, down], [0, 0, 0, -down], [0, 0, across, -down], [0, 0, -across, -down],
    [-wide / 2 - 1, 0, width / 2 + 1, 0], [wide / 2 + 1, 0, -width / 2 - 1, 0], [0, 0, aside, 0], [0, 0, -aside, 0],
  ].map(([dx, dy, cx, cy]) => ({ dx, dy, cx, cy }));
}

// The label point is where an area is widest; a name that does not fit there may fit a little aside. Nearest first.
const SHIFTS = [];
for (let down = -6; down <= 6; down += 1) for (let right = -6; right <= 6; right += 1) SHIFTS.push([right, down]);
SHIFTS.sort((a, b) => Math.hypot(...a) - Math.hypot(...b));

function inside(area, x, y, scale) {
  const { x0, x1, y0, y1 } = area.box;
  return x > x0 * scale && x < x1 * scale && y > y0 * scale && y < y1 * scale;
}

// Several signs that have no room in a row may have it one over the other.
function placed(area, scale, width, height, signs) {
  const inRow = placedOnce(area, scale, width, height, signs);
  if (inRow || !signs || signs.number < 2) return inRow;
  return placedOnce(area, scale, width, height, { ...signs, column: true });
}

function placedOnce(area, scale, width, height, signs) {
  const fits = (box) => boxFits(area, inWorld(box, scale));
  const [wide, tall] = signs ? signsSize(signs) : [0, 0];
  for (const [right, down] of SHIFTS) {
    const x = area.label.x * scale + right * STEP_ASIDE;
    const y = area.label.y * scale + down * STEP_ASIDE;
    if (!inside(area, x, y, scale)) continue;
    if (!signs) {
      if (fits(boxAt(x, y, width, height))) return { x, y };
      continue;
    }
    for (const { dx, dy, cx, cy } of signPlaces(width, height, wide, tall)) {
      const free = fits(boxAt(x + dx, y + dy, width, height)) && fits(boxAt(x + cx, y + cy, wide, tall));
      if (free) return { x: x + dx, y: y + dy, signs: { ...signs, x: x + cx, y: y + cy } };
    }
  }
  return null;
}

function named(area, look, scale, number, turned = false) {
  const { gap } = lineStyle(scale);
  const largest = look.strong ? LARGEST_NAME.strong : LARGEST_NAME.calm;
  const room = Math.max(area.box.x1 - area.box.x0, area.box.y1 - area.box.y0) * scale;
  for (const forms of candidates(area, look, turned)) {
    for (let size = largest; size >= forms[0].smallest; size -= 1) {
      if (forms[0].name * size > room) continue;
      const margin = gap + (size > 12 ? 3 : 0.5);
      const signs = number && { number, radius: Math.min(9.5, 0.26 * size + (size > 12 ? 4.5 : 3.5)) };
      for (const em of forms) {
        const width = (em.rows > 1 ? Math.max(em.name, em.mark) : em.name + em.mark + em.gap) * size;
        const height = em.rows > 1 ? 1.9 * size : 0.94 * size;
        const [across, down] = turned ? [height, width] : [width, height];
        const place = placed(area, scale, across + margin, down + margin, signs);
        const { rows } = em;
        if (place) return { ...place, text: area.short, size, width, mark: em.mark * size, rows, turned };
      }
    }
  }
  return null;
}

function marked(area, scale, number) {
  for (let size = LARGEST_MARK; size >= SMALLEST_MARK; size -= 1) {
    const signs = number && { number, radius: Math.max(6, 0.55 * size) };
    const place = placed(area, scale, size + 1, size + 1, signs);
    if (place) return { ...place, text: '', size, width: size, mark: size, rows: 1, turned: false };
  }
  return null;
}

// The signs alone, as large as the area lets them be; ``anyway``, as small as they can be read, whether it lets them or
// not.
function signed(area, number, scale, anyway) {
  const made = (place, signs) => {
    const [width, size] = signsSize(signs);
    return { ...place, text: '', size, width, mark: 0, rows: 1, turned: false, signs: { ...signs, ...place } };
  };
  const tall = area.box.y1 - area.box.y0 > area.box.x1 - area.box.x0;
  const forms = number > 1 ? [tall, !tall] : [false];
  for (let radius = LARGEST_SIGN; radius >= SMALLEST_SIGN; radius -= 1) {
    for (const column of forms) {
      const signs = { number, radius, column };
      const place = placed(area, scale, ...signsSize(signs));
      if (place) return made(place, signs);
    }
  }
  if (!anyway) return null;
  const { x, y } = area.label;
  return made({ x: x * scale, y: y * scale }, { number, radius: SMALLEST_SIGN, column: forms[0] });
}

// What a person decided and what changed is signed in every area that it is true of, as the legend counts it: ``must``
// of ``all`` signs of an area. The name gives way to these, and the mark of the tier; the other signs give way to both.
function layout(area, code, { must, all }, scale) {
  if (!area.label) return null;
  const side = Math.min(area.box.x1 - area.box.x0, area.box.y1 - area.box.y0) * scale;
  if (side < SMALLEST_MARK) return null;
  const look = baked.looks[code];
  return (
    (all > must && named(area, look, scale, all)) || named(area, look, scale, must) ||
    (look.mark && ((all > must && marked(area, scale, all)) || marked(area, scale, must))) ||
    (must && signed(area, must, scale, false)) || null
  );
}

// The same with the name turned, for an area whose name has no room as it is read.
function turnedLayout(area, code, { must, all }, scale) {
  const look = baked.looks[code];
  return (all > must && named(area, look, scale, all, true)) || named(area, look, scale, must, true);
}

// The signs that must be there where there is room for none.
function signedLayout(area, code, { must }, scale) {
  return must && area.label ? signed(area, must, scale, true) : null;
}

function layoutOf(i, code, counts, scale, how = layout) {
  if (layouts.zoom !== scale) {
    layouts.zoom = scale;
    layouts.found.clear();
  }
  const key = `${i}${code}${counts.must}${counts.all}${how.name}`;
  if (!layouts.found.has(key)) layouts.found.set(key, how(shapes.areas[i], code, counts, scale));
  return layouts.found.get(key);
}

// ---- names beside the map

const meets = (a, b) => a.x0 < b.x1 && a.x1 > b.x0 && a.y0 < b.y1 && a.y1 > b.y0;

function groundUnder(box, view) {
  const world = {
    x0: (box.x0 - view.dx) / view.scale, y0: (box.y0 - view.dy) / view.scale,
    x1: (box.x1 - view.dx) / view.scale, y1: (box.y1 - view.dy) / view.scale,
  };
  return shapes.areas.some((area) => meets(area.box, world) && touches(area, world));
}

// Names that have no room in their area as they are read are turned in it, else they stand on the free ground beside the
// map, at the end of a line: those of the hardest tiers first, and each where the line is shortest and crosses no other
// one and no label. Where there is no such place near by, the mark stands alone.
function findRoom(nameless, view, busy) {
  const found = [];
  for (const { i, label, code, counts } of nameless) {
    const area = shapes.areas[i];
    const turned = withNames(layoutOf(i, code, counts, view.scale, turnedLayout), i);
    const boxes = turned ? labelBoxes(turned, view) : [];
    if (turned && !boxes.some((box) => busy.lines.some(([a, b]) => edgeMeets(...a, ...b, box)))) {
      Object.assign(label, turned);
      busy.labels.push(...boxes);
      continue;
    }
    const { strong } = baked.looks[code];
    const size = strong ? SMALLEST_NAME + 3 : SMALLEST_NAME + 1;
    const width = emWidth(area.short, strong) * size + 6;
    const from = [area.label.x * view.scale + view.dx, area.label.y * view.scale + view.dy];
    const at = leaderPlace(from, width, size + 6, view, busy);
    if (!at) continue;
    busy.boxes.push(at.box);
    busy.lines.push([from, at.to]);
    found.push({ id: area.id, text: area.short, size, strong, from, ...at });
  }
  return found;
}

function labelBox({ x, y, width, size, rows, turned }, view) {
  const [wide, tall] = turned ? [size, width] : [width, rows > 1 ? 2 * size : size];
  return boxAt(x + view.dx, y + view.dy, wide, tall);
}

function signsBox({ x, y, ...signs }, view) {
  return boxAt(x + view.dx, y + view.dy, ...signsSize(signs));
}

// What another name's line may not cross: a label, and the signs that are never left out.
function labelBoxes(label, view) {
  const signs = label.signs && mustOf(label.signs.names).length ? [signsBox(label.signs, view)] : [];
  return [labelBox(label, view), ...signs];
}

function leaderPlace(from, width, height, view, busy) {
  const [x, y] = from;
  const own = (box) => x > box.x0 && x < box.x1 && y > box.y0 && y < box.y1;
  const labelled = busy.labels.filter((box) => !own(box));
  for (let reach = 14; reach <= LONGEST_LEADER; reach += 5) {
    for (let turn = 0; turn < 32; turn += 1) {
      const angle = (turn * Math.PI) / 16;
      const box = boxAt(
        x + Math.cos(angle) * (reach + width / 2), y + Math.sin(angle) * (reach + height / 2), width, height);
      const inside = box.x0 > 2 + view.padX && box.y0 > 2 + view.padY &&
        box.x1 < view.width - view.padX - 2 && box.y1 < view.height - view.padY - 2;
      if (!inside || busy.boxes.some((other) => meets(other, box))) continue;
      const to = [Math.min(Math.max(x, box.x0), box.x1), Math.min(Math.max(y, box.y0), box.y1)];
      const crossed = [...busy.boxes, ...labelled].some((other) => edgeMeets(...from, ...to, other)) ||
        busy.lines.some(([a, b]) => crosses(from, to, a, b) || edgeMeets(...a, ...b, box));
      if (!crossed && !groundUnder(box, view)) return { box, to };
    }
  }
  return null;
}

function crosses([ax, ay], [bx, by], [cx, cy], [dx, dy]) {
  const side = (px, py, qx, qy, x, y) => Math.sign((qx - px) * (y - py) - (qy - py) * (x - px));
  return side(ax, ay, bx, by, cx, cy) !== side(ax, ay, bx, by, dx, dy) &&
    side(cx, cy, dx, dy, ax, ay) !== side(cx, cy, dx, dy, bx, by);
}
