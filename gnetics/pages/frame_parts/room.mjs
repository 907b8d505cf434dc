// In JupyterLab a page has the room of its cell, not that of the window: what our sheets say of the window's width is
// said of the cell's too.
function fit({ sheet }) {
  const rules = [...sheet.cssRules];
  if (rules.some((rule) => rule instanceof CSSContainerRule)) return;
  for (let at = rules.length - 1; at >= 0; at -= 1) {
    const { media, cssRules } = rules[at];
    if (!media || !media.mediaText.includes('width')) continue;
    const inner = [...cssRules].map((rule) => rule.cssText).join('\n');
    sheet.insertRule(`@container lab ${media.mediaText} {${inner}}`, at + 1);
  }
}

const fitAll = () => [...document.querySelectorAll('style')].filter((style) => style.textContent.includes('--g-')).forEach(fit);

// `told(width)` at each change of the cell; returns what ends it
export function followCell(cell, told) {
  const room = new ResizeObserver(([{ contentRect }]) => told(contentRect.width));
  const sheets = new MutationObserver(fitAll); // a part of a page brings its own when it is first made
  room.observe(cell);
  sheets.observe(document.head, { childList: true, subtree: true });
  fitAll();
  return () => [room, sheets].forEach((each) => each.disconnect());
}
