// The genealogy in a frame that zooms: by buttons, by + − 0 on the keyboard; arrows scroll, as in any frame.
// Without script the drawing stands in its own size and scrolls.

const STEP = 1.25;
const [LEAST, MOST] = [0.2, 4];

for (const frame of document.querySelectorAll("[data-zoom]")) zooming(frame);

function zooming(frame) {
  const drawing = frame.querySelector("svg");
  const box = drawing.viewBox.baseVal;
  const buttons = frame.parentElement.querySelector(".zoomers");
  let scale = 1;

  const show = (wanted) => {
    scale = Math.min(MOST, Math.max(LEAST, wanted));
    drawing.setAttribute("width", box.width * scale);
    drawing.setAttribute("height", box.height * scale);
  };
  const acts = {
    larger: () => show(scale * STEP),
    smaller: () => show(scale / STEP),
    whole: () => show(Math.min(1, frame.clientWidth / box.width)),
  };
  for (const [name, act] of Object.entries(acts)) {
    buttons.querySelector(`[data-${name}]`).addEventListener("click", act);
  }
  frame.addEventListener("keydown", (event) => {
    const act = { "+": acts.larger, "-": acts.smaller, "0": acts.whole }[event.key];
    if (!act || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    act();
  });
  buttons.hidden = false;
}
