// Hover, click, and the view: what is fitted, and what a person moved.

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
const cardLines = ['b', 'span', 'span', 'span', 'span'].map((tag) => card.appendChild(document.createElement(tag)));

function hideCard() {
  card.hidden = true;
  map.getContainer().style.cursor = '';
}

// Names are data of the user's: they are set as text, never as HTML.
function showCard(i, point) {
  const kept = ['held', 'override', 'order'].map((name) => (hasFlag(name, i) ? colours.words[name] : ''));
  const tier = colours.words[isCarried(i) ? `~${codeOf(i)}` : codeOf(i)];
  const words = [shapes.areas[i].name, tier, colours.words[changeOf(i)], ...kept];
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

// ---- view

function bounds() {
  const corner = (x, y) => map.unproject(L.point(x, y).add(shapes.base), 0);
  return L.latLngBounds(corner(shapes.box.x0, shapes.box.y1), corner(shapes.box.x1, shapes.box.y0));
}

// All areas in the frame, exactly: steps of zoom are for the user's hand. Zooming out ends here, so that nobody
// loses the map. The buttons go where no area lies; where there is no such corner the map makes room for them.
function fit() {
  const size = map.getSize();
  if (!shapes || !shapes.areas.length || !size.x || !size.y) return;
  fitTo(8);
  const corner = ['bottomright', 'bottomleft', 'topright', 'topleft'].find((one) => isFree(one, size));
  if (corner === undefined) fitTo(52);
  zoomButtons.setPosition(corner || 'bottomright');
  paint(); // names beside the map give way to the buttons
  allowDragging();
}

function fitTo(right) {
  const snap = map.options.zoomSnap;
  fitting = true;
  map.options.zoomSnap = 0;
  map.options.minZoom = 0;
  map.fitBounds(bounds(), { paddingTopLeft: [8, 8], paddingBottomRight: [right, 8], animate: false });
  map.options.zoomSnap = snap;
  fitting = false;
  moved = false;
  home = map.getZoom();
  map.options.minZoom = home;
  map.fire('zoomlevelschange');
}

// What the buttons take in a corner of the frame. They are not measured: their style may come after the first paint.
function cornerBox(corner, size) {
  const [width, height] = [46, 76];
  const x = corner.endsWith('right') ? size.x - width / 2 : width / 2;
  const y = corner.startsWith('bottom') ? size.y - height / 2 : height / 2;
  return boxAt(x, y, width, height);
}

// Whether the buttons would lie over no area in this corner.
function isFree(corner, size) {
  const scale = 2 ** map.getZoom();
  const origin = map.getPixelBounds().min;
  const dx = shapes.base.x * scale - origin.x;
  const dy = shapes.base.y * scale - origin.y;
  return !groundUnder(cornerBox(corner, size), { scale, dx, dy });
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
