// What stands in our own HTML can be pressed: an element with data-press holds a relative link, "area?area=G01" (another
// page) or "?tier=red" (this page). A plain press is told to the program, without a new visit; the middle button, "copy
// link" and printing find the whole address in href, which keeps what the address of the page says already.

function addressOf(link) {
  const address = new URL(link, document.baseURI.replace(/[?#].*$/, ''));
  const kept = new URLSearchParams(window.location.search);
  for (const [name, value] of address.searchParams) value ? kept.set(name, value) : kept.delete(name);
  address.search = kept;
  return address.href;
}

const pressable = (event) => (event.target instanceof Element ? event.target.closest('[data-press]') : null);

function complete(event) {
  const element = pressable(event);
  if (element?.tagName === 'A') element.href = addressOf(element.dataset.press);
}

// What was pressed is drawn anew by the run that follows, and whoever uses the keyboard goes on from there: the element
// with the same id, or the same link, is focused once it is there, unless the focus went elsewhere meanwhile.
let pressed = null;

function remember(element) {
  pressed = { id: element.id, link: element.dataset.press, until: Date.now() + 10_000 };
}

function focusAgain() {
  if (!pressed || Date.now() > pressed.until) return;
  if (document.activeElement && document.activeElement !== document.body) return;
  const same = pressed.id
    ? document.getElementById(pressed.id)
    : [...document.querySelectorAll('[data-press]')].find((one) => one.dataset.press === pressed.link);
  same?.focus({ preventScroll: true });
}

// So many presses are told each time: two that follow each other closely are one message, and none of them is lost.
const KEPT = 8;

// Streamlit may call the function below again before, or after, it takes down what an earlier call made: the page hears
// presses once, whatever the order, and tells them to the newest call that still stands.
function hearPresses() {
  const tellers = new Set();
  let newest = null, lately = [];
  const tell = (link) => {
    newest = [...tellers].at(-1) ?? newest;
    lately = [...lately, { link, at: performance.timeOrigin + performance.now() }].slice(-KEPT);
    newest?.('pressed', lately);
  };
  // A run may draw an element anew while it is held down: the browser then makes no click of that, so what is under the
  // finger as it is lifted is pressed where it is the same link.
  let held = null, lifted = false;
  const down = (event) => {
    [held, lifted] = [event.button ? null : pressable(event), false];
  };
  const up = (event) => {
    const element = pressable(event);
    lifted = Boolean(held && !held.isConnected && element?.dataset.press === held.dataset.press);
    if (lifted) tell(element.dataset.press);
    held = null;
  };
  const told = (event) => {
    if (event.type === 'click' && event.target instanceof Element && event.target.closest('[data-print]')) window.print();
    const element = pressable(event);
    if (!element || event.defaultPrevented || (lifted && event.type === 'click')) return;
    if (event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    if (event.type === 'keydown' && event.key !== 'Enter' && event.key !== ' ') return;
    if (event.type === 'keydown' && ['A', 'BUTTON'].includes(element.tagName)) return; // the browser makes a click of it
    event.preventDefault();
    if (element.contains(document.activeElement)) remember(element);
    tell(element.dataset.press);
  };
  const heard = { click: told, keydown: told, pointerdown: down, pointerup: up, pointerover: complete, focusin: complete };
  for (const [name, hear] of Object.entries(heard)) document.addEventListener(name, hear);
  new MutationObserver(focusAgain).observe(document.body, { childList: true, subtree: true });
  return tellers;
}

export default function ({ setStateValue }) {
  const tellers = (window.fiveColourPresses ??= hearPresses());
  const teller = (name, value) => setStateValue(name, value);
  tellers.add(teller);
  return () => tellers.delete(teller);
}
