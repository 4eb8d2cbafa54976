// The Leaflet map itself, its look, and what Python and tests may ask of it.

const STYLE = `
  html, body { margin: 0; overflow: hidden; background: transparent !important; } /* the card it stands on shows */
  body > span { display: none; }
  #${elementId} { height: 100vh !important; background: transparent; font: 14px/1.45 ${FAMILY}; outline-offset: -2px; }
  .five-card { position: absolute; left: 0; top: 0; z-index: 1000; pointer-events: none; max-width: 260px;
    padding: 8px 12px; background: #FFFFFF; color: ${INK}; border: 1px solid #D5DCE4; border-radius: 8px;
    box-shadow: 0 4px 14px rgba(20, 32, 43, 0.14); }
  .five-card[hidden], .five-card [hidden] { display: none; }
  .five-card b, .five-card span { display: block; overflow-wrap: anywhere; unicode-bidi: isolate; }
  .five-card span { color: #44525F; font-size: 13px; }
  .five-missing { position: absolute; inset: 0; display: grid; place-items: center; padding: 24px;
    text-align: center; color: #44525F; }
  #${elementId} .leaflet-control-zoom { border: 1px solid #D5DCE4; border-radius: 8px; overflow: hidden;
    box-shadow: none; margin: 8px; }
  #${elementId} .leaflet-control-zoom a { width: 28px; height: 28px; line-height: 26px; font: 400 18px/26px ${FAMILY};
    color: ${INK}; background: #FFFFFF; border-color: #E6EBF0; }
  @media print { #${elementId} .leaflet-control-zoom { display: none; } }
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

// Quotation marks are as wide as a Chinese character in our font; in English they come from one of the machine's.
const LATIN_QUOTES = [
  [['Segoe UI', 'Arial', 'Liberation Sans', 'DejaVu Sans'], '400'],
  [['Segoe UI Bold', 'Arial Bold', 'Liberation Sans Bold', 'DejaVu Sans Bold'], '700'],
];

async function loadFonts() {
  const faces = [['Regular', '400'], ['Bold', '700']].map(
    ([file, weight]) =>
      new FontFace('Five Colour Sans', `url("${addresses.fonts}/FiveColourSans-${file}.woff2")`, { weight }),
  );
  const loaded = await Promise.allSettled(faces.map((face) => face.load()));
  loaded.forEach(({ value }) => value && document.fonts.add(value));
  const quotes = baked.words.lang === 'en' ? LATIN_QUOTES.map(
    ([names, weight]) => new FontFace('Five Colour Sans', names.map((name) => `local("${name}")`).join(),
      { weight, unicodeRange: 'U+2018-2019, U+201C-201D' }).load(),
  ) : [];
  (await Promise.allSettled(quotes)).forEach(({ value }) => value && document.fonts.add(value));
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
const zoomButtons = L.control
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
  recolour(tiers, { areas, selected = null, changes = '', words = {}, ...kept }) {
    const flagged = baked.flags.map((name) => [name, unpacked(kept[name] || '', baked.carried, 5)]);
    colours = {
      tiers: unpacked(tiers, baked.codes, 2).slice(0, areas),
      selected,
      changes: unpacked(changes, baked.ways, 3),
      ...Object.fromEntries(flagged),
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
      carried: dotted,
      outlined,
      behind,
      untold,
      told: shapes ? shapes.areas.map(({ id }, i) => ({ id, signs: signsOf(i) })) : [],
      areas: shapes ? shapes.areas.length : 0,
      labels: labels.map(({ area, text, mark, size, code, signs }) =>
        ({ id: area.id, text, mark: mark ? baked.looks[code].mark : '', size, signs: signs ? signs.names : [] })),
      beside: beside.map(({ id, text, box }) => ({ id, text, box })),
      buttons: zoomButtons.getPosition(),
    };
  },

  // For tests: the area at a point of the frame, if any.
  areaAt(x, y) {
    const i = areaAt(map.containerPointToLatLng([x, y]));
    return i < 0 ? null : shapes.areas[i].id;
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
