// Runs in every page that is timed, before its own scripts: when a change began, when it was shown, what came meanwhile.
(() => {
  'use strict';
  if (window !== window.top) return;

  const now = () => performance.timeOrigin + performance.now();
  let received = 0;
  let draws = 0;

  window.WebSocket = class extends window.WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', ({ data }) => {
        received += data.byteLength ?? data.size ?? data.length;
      });
    }
  };

  for (const { prototype } of [WebGLRenderingContext, WebGL2RenderingContext]) {
    for (const name of ['drawArrays', 'drawElements', 'drawArraysInstanced', 'drawElementsInstanced']) {
      const draw = prototype[name];
      if (!draw) continue;
      prototype[name] = function (...given) {
        draws += 1;
        return draw.apply(this, given);
      };
    }
  }

  const frames = () => [...document.querySelectorAll('iframe')].map((frame) => frame.contentWindow).filter(Boolean);

  // React keeps what a component was given with its element; deck.gl leaves no other way to its layers.
  function* fibres(fibre) {
    for (let at = fibre; at; at = at.sibling) {
      yield at;
      yield* fibres(at.child);
    }
  }

  function* deckLayers() {
    const element = document.querySelector('[data-testid="stDeckGlJsonChart"]');
    const key = element && Object.keys(element).find((name) => name.startsWith('__reactFiber$'));
    if (!key) return;
    // React has two of each fibre and does not tell which is the present one.
    for (const fibre of [element[key], element[key].alternate]) {
      for (const { memoizedProps } of fibres(fibre?.child)) {
        if (Array.isArray(memoizedProps?.layers)) yield* memoizedProps.layers.flat();
      }
    }
  }

  // To ask our map for its state takes a while with many areas: only where it was painted since it was asked last.
  const paintings = new WeakMap();
  function repainted(frame) {
    const painted = frame.document?.documentElement?.dataset.painted; // a frame that has just come has none of these
    const again = painted !== paintings.get(frame);
    paintings.set(frame, painted);
    return again;
  }

  // Whether a way has the new colours. The last two draw with WebGL: they are done with the first drawing after they
  // were last seen without, which may still be one of the old colours.
  const READY = {
    // Every area has its tier, and the painting that follows in the same task is done.
    ours: ({ codes }) => frames().some((frame) => repainted(frame) && frame.fiveColour.state().tiers === codes),
    // One area that changes has its new fill, in the map that st_folium has built anew.
    stock_folium: ({ id, fill }) =>
      frames().some((frame) =>
        Object.values(frame.map?._layers || {}).some(
          (layer) => layer.feature?.id === id && layer._path?.getAttribute('fill') === fill,
        ),
      ),
    plotly_choropleth: ({ place, rank }) =>
      document.querySelector('.js-plotly-plot')?._fullData?.[0]?.z?.[place] === rank,
    pydeck_geojson: ({ place, channels }) =>
      [...deckLayers()].some(
        (layer) => String(layer?.props?.data?.features?.[place].properties.fill) === String(channels),
      ),
  };
  const BY_WEBGL = ['plotly_choropleth', 'pydeck_geojson'];

  // Moments in ms; `shown` is null where `longest` seconds were not enough.
  function shown(way, expected, longest) {
    const until = now() + 1000 * longest;
    let drawsBefore = 0;
    const drawn = () => {
      if (READY[way](expected)) return draws > drawsBefore;
      drawsBefore = draws;
      return false;
    };
    return new Promise((resolve) => {
      const look = () =>
        requestAnimationFrame(() => {
          // What is there when a frame begins is in that frame, and the message comes when the frame is handed over.
          const ready = BY_WEBGL.includes(way) ? drawn() : READY[way](expected);
          const { port1, port2 } = new MessageChannel();
          port1.onmessage = () => {
            if (now() > until || document.querySelector('[data-testid=stException]')) resolve(null);
            else if (ready || (BY_WEBGL.includes(way) && drawn())) resolve(now());
            else look();
          };
          port2.postMessage(null);
        });
      look();
    });
  }

  let begun = null;
  let ended = null;
  let before = 0;

  window.bench = {
    // Until the map has these colours.
    shown,

    // The next key begins a change to these colours.
    expect(way, expected, longest) {
      before = received;
      ended = new Promise((resolve) => {
        const heard = ({ timeStamp }) => {
          begun = performance.timeOrigin + timeStamp;
          shown(way, expected, longest).then(resolve);
        };
        window.addEventListener('keydown', heard, { capture: true, once: true });
      });
    },

    // Seconds of the change, null where it does not finish.
    seconds: async () => {
      const moment = await ended;
      return moment && (moment - begun) / 1000;
    },

    // Bytes that came since the change began.
    bytes() {
      let sum = received - before;
      for (const frame of [window, ...frames()]) {
        const { timeOrigin } = frame.performance;
        for (const file of frame.performance.getEntriesByType('resource')) {
          if (timeOrigin + file.startTime >= begun) sum += file.transferSize;
        }
      }
      return sum;
    },
  };
})();
