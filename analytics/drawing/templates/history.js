// One view is one entry of the browser's history. On the way to another page Streamlit first empties the address of the
// page that is left, then writes that of the new one without its choices, then with them: an entry each, so that "back"
// would lead to a page that nobody saw. An address that is only emptied is not written, and one without choices is
// written over.
if (!window.fiveColourHistory) {
  const { pushState, replaceState } = history;
  window.fiveColourHistory = true;
  history.pushState = (state, unused, to) => {
    const here = window.location, next = new URL(to, here.href);
    const samePage = next.pathname === here.pathname;
    if (samePage && !next.search && here.search) return;
    (samePage && !here.search ? replaceState : pushState).call(history, state, unused, to);
  };
}
