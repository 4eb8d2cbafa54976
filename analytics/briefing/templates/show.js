// Turns the pages with the keyboard or the buttons, and changes between light and dark; asks no server for anything.
(() => {
  const root = document.documentElement;
  const pages = [...document.querySelectorAll(".page")];
  const nav = document.querySelector("nav");
  let at = 0;

  function turn(to) {
    at = Math.max(0, Math.min(pages.length - 1, to));
    pages.forEach((page, number) => page.classList.toggle("shown", number === at));
    nav.querySelector(".at").textContent = `${at + 1} / ${pages.length}`;
  }

  function paint(theme) {
    root.dataset.theme = theme;
    // One map at a time is in the page: both name their patterns alike.
    const drawing = document.querySelector(`template[data-map="${theme}"]`).content.cloneNode(true);
    document.querySelector(".drawing").replaceChildren(drawing);
  }

  const deeds = {
    theme: () => paint(root.dataset.theme === "dark" ? "light" : "dark"),
    // The page around this one has the link: it leads back to where the presentation was begun.
    leave: () => window.parent.document.querySelector("a.leave-show")?.click(),
    full: () => (document.fullscreenElement ? document.exitFullscreen() : root.requestFullscreen()),
  };
  const keys = {
    ArrowRight: () => turn(at + 1), ArrowDown: () => turn(at + 1), PageDown: () => turn(at + 1), " ": () => turn(at + 1),
    ArrowLeft: () => turn(at - 1), ArrowUp: () => turn(at - 1), PageUp: () => turn(at - 1),
    Home: () => turn(0), End: () => turn(pages.length - 1), t: deeds.theme, f: deeds.full, Escape: deeds.leave,
  };
  document.addEventListener("keydown", (event) => {
    const deed = keys[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    // A button that has the focus is pressed with the space bar.
    if (!deed || event.ctrlKey || event.metaKey || event.altKey || (event.key === " " && event.target.closest("button"))) return;
    event.preventDefault();
    deed();
  });
  nav.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button?.dataset.go) turn(at + Number(button.dataset.go));
    else if (button) deeds[button.dataset.do]();
  });

  let asleep;
  function wake() {
    nav.classList.add("awake");
    clearTimeout(asleep);
    asleep = setTimeout(() => nav.classList.remove("awake"), 2500);
  }
  document.addEventListener("mousemove", wake);
  paint(root.dataset.theme);
  turn(0);
  wake();
  document.querySelector("main").focus({ preventScroll: true }); // it may be a preview further down a page
  root.dataset.ready = "1";
})();
