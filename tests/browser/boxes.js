// what of a page is cut, overlaps or leaves its card: sentences; only what shows now and is seen by its box
() => {
  const WORDS = 3; // px by which text may pass its box without being seen to
  const said = new Set();
  const shown = (el) => el.checkVisibility({ opacityProperty: true, visibilityProperty: true }) && el.getClientRects().length > 0 && getComputedStyle(el).clip === 'auto';
  const hidden = (el) => el.closest('.g-hidden, [aria-hidden="true"], .v-overlay__scrim, .g-toast, .v-ripple__container, svg, [data-page].g-ahead');
  const name = (el) => `${el.tagName.toLowerCase()}${[...el.classList].slice(0, 3).map((each) => '.' + each).join('')} « ${(el.innerText || el.value || '').trim().slice(0, 40)} »`;
  const all = [...document.querySelectorAll('.v-application *')].filter((el) => shown(el) && !hidden(el));

  // text cut without an ellipsis: the box is smaller than what it holds and says nothing of it
  for (const el of all) {
    const style = getComputedStyle(el);
    const texts = [...el.childNodes].some((node) => node.nodeType === 3 && node.data.trim());
    if (!texts || el.matches('input, textarea, select, option')) continue;
    const clips = style.overflowX !== 'visible' && style.overflowX !== 'auto' && style.overflowX !== 'scroll';
    if (clips && style.textOverflow !== 'ellipsis' && el.scrollWidth > el.clientWidth + WORDS && style.webkitLineClamp === 'none') said.add(`cut across: ${name(el)}`);
    if (style.overflowY !== 'visible' && style.overflowY !== 'auto' && style.overflowY !== 'scroll' && style.webkitLineClamp === 'none' && el.scrollHeight > el.clientHeight + WORDS) said.add(`cut below: ${name(el)}`);
  }

  // pills, buttons and figures cut above or below by a box around them that does not scroll
  for (const el of all.filter((each) => each.matches('.g-pill, .g-chip, .v-btn, .g-figure, .g-verb, b'))) {
    const box = el.getBoundingClientRect();
    for (let up = el.parentElement; up && up !== document.body; up = up.parentElement) {
      const overflow = getComputedStyle(up).overflowY;
      if (/auto|scroll/.test(overflow)) break;
      const around = up.getBoundingClientRect();
      if (overflow !== 'visible' && around.height && (box.top < around.top - 0.5 || box.bottom > around.bottom + 0.5)) said.add(`cut above or below: ${name(el)}`);
    }
  }

  // what can be used leaves its card, or the window
  const use = all.filter((el) => el.matches('a[href], button, input, select, textarea, [role="button"]'));
  const scrolls = (el) => { for (let up = el.parentElement; up; up = up.parentElement) if (/auto|scroll/.test(getComputedStyle(up).overflowX) && up.scrollWidth > up.clientWidth + 1) return true; return false; };
  for (const el of use) {
    const box = el.getBoundingClientRect();
    if (!box.width || !box.height || scrolls(el)) continue;
    const card = el.closest('.g-card, .g-side, .v-card, .v-overlay__content');
    const around = card && card.getBoundingClientRect();
    if (around && card !== el && getComputedStyle(el).position !== 'absolute' && (box.left < around.left - WORDS || box.right > around.right + WORDS)) said.add(`leaves its card: ${name(el)}`);
    if (el.closest('.g-drawer')) continue;
    if (box.right > innerWidth + 1 || (box.left < -1 && box.right > 0)) said.add(`leaves the window: ${name(el)}`);
  }

  // two things to use, one upon the other
  const seen = use.filter((el) => el.matches('a[href], button') && !el.closest('.g-side, .v-overlay-container') === !document.querySelector('.g-side, .v-overlay--active .v-card'));
  const floats = (el) => { for (let up = el; up; up = up.parentElement) if (/sticky|fixed/.test(getComputedStyle(up).position)) return true; return false; }; // a head under which rows scroll
  // what is left of it by the boxes in which it scrolls
  const inSight = (el) => {
    const box = el.getBoundingClientRect();
    let [top, bottom] = [Math.max(box.top, 0), Math.min(box.bottom, innerHeight)];
    for (let up = el.parentElement; up; up = up.parentElement) {
      if (getComputedStyle(up).overflowY === 'visible') continue;
      const around = up.getBoundingClientRect();
      [top, bottom] = [Math.max(top, around.top), Math.min(bottom, around.bottom)];
    }
    return { left: box.left, right: box.right, top, bottom };
  };
  const boxes = seen.map((el) => [el, inSight(el)]).filter(([, box]) => box.right > box.left && box.bottom > box.top);
  for (let i = 0; i < boxes.length; i += 1) {
    for (let j = i + 1; j < boxes.length; j += 1) {
      const [a, one] = boxes[i]; const [b, two] = boxes[j];
      if (a.contains(b) || b.contains(a)) continue;
      const wide = Math.min(one.right, two.right) - Math.max(one.left, two.left);
      const high = Math.min(one.bottom, two.bottom) - Math.max(one.top, two.top);
      if (wide <= WORDS || high <= WORDS) continue;
      const at = document.elementFromPoint(Math.max(one.left, two.left) + wide / 2, Math.max(one.top, two.top) + high / 2);
      const top = at && (a.contains(at) ? a : b.contains(at) ? b : null);
      if (top && getComputedStyle(top).position === 'static' && !floats(top)) said.add(`overlap: ${name(a)} and ${name(b)}`);
    }
  }

  const page = document.documentElement;
  if (page.scrollWidth > innerWidth) said.add(`the page scrolls sideways: ${page.scrollWidth} of ${innerWidth}`);
  for (const el of document.querySelectorAll('.g-side-body, .v-card, .g-page')) if (shown(el) && !hidden(el) && el.scrollWidth > el.clientWidth + WORDS && !/auto|scroll/.test(getComputedStyle(el).overflowX)) said.add(`wider than itself: ${name(el)}`);
  return [...said];
}
