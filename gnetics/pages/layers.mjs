// What is open over the page, in the order of opening: every dialog, menu and list of Vuetify, every side panel, a field being edited.
// Escape, Tab and the focus are heard here for all of them, whatever has the focus; no template listens for itself.

const STOP = ':is(a[href], button, input, select, textarea, summary, [tabindex]):not(:disabled)';
const shown = (el) => !!el && el.isConnected && el.checkVisibility({ visibilityProperty: true });
// the element that stands for a component's place in the page
const place = (el) => (el && getComputedStyle(el).display === 'contents' ? place(el.parentElement) : el);

// of a group of radio buttons, Tab reaches the chosen one
function passed(el) {
  if (el.type !== 'radio' || el.checked) return false;
  return !!(el.form || document).querySelector(`input[type="radio"][name="${CSS.escape(el.name)}"]:checked`);
}

const stops = (box) => [...box.querySelectorAll(STOP)].filter((el) => el.tabIndex >= 0 && shown(el) && !passed(el));

// where the focus comes in: what the template asks for; in a popup the choice made; in a form its first field; or the title
function first(layer, box) {
  const wanted = [
    '[autofocus]',
    layer.popup && '.v-list-item--active',
    layer.popup && '.v-list-item:not(.v-list-item--disabled)',
    layer.panel && 'form:not(.g-add-note) *:is(input, textarea)',
    'h2',
  ].filter(Boolean);
  for (const each of wanted) {
    const el = [...box.querySelectorAll(each)].find(shown);
    if (el && el.tagName === 'H2') el.tabIndex = -1;
    if (el) return el;
  }
  return stops(box)[0];
}

const ON_ITS_WAY = 300; // milliseconds: the browser's answer to Back may come after the key that was typed after it

const leaves = (link) => !link.pathname.endsWith(`/${link.closest('[data-page]').dataset.page}.ipynb`);

// what opens only once the kernel has answered: a dialog, or whatever another page shows
function asksKernel(event) {
  if (event.type !== 'click' || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey || !event.target.closest) return false;
  const asker = event.target.closest('[aria-haspopup="dialog"], [data-page] a[href*=".ipynb"]');
  return !!asker && (asker.matches('[aria-haspopup="dialog"]') || leaves(asker));
}

// A layer: here() whether it is on the page shown, box() its element once drawn, leave() asks its owner to close it;
// popup: left by Tab; list: of a field, which keeps the focus; panel: the page beside it can be used;
// inner: within another, for Escape only
function makeLayers() {
  const open = [];
  let last = null; // what had the focus last, when the page itself has it
  let left = null; // the layer that closed last
  let awaited = false; // something was asked of the kernel …
  let refused = false; // … and Escape overtook the answer
  let overtaking = false; // it came just now
  let soon = 0;
  let ask = {}; // another one each time Escape overtakes
  let dismissed = null; // what Escape just closed: a list of Vuetify's opens once more by a timer of its own

  const top = () => open.findLast((layer) => layer.here());

  function enter(layer) {
    const now = document.activeElement;
    const leaving = left && !open.includes(left) && left.box() && left.box().contains(now); // chosen in a menu, which goes
    const above = layer.panel ? open.findIndex((each) => !each.panel && each.here()) : -1; // a dialog that came before its panel
    layer.under = leaving ? left.under : above < 0 ? top() : open[above - 1];
    layer.from = leaving ? left.from : now && now !== document.body ? now : last;
    open.splice(above < 0 ? open.length : above, 0, layer);
    if (above >= 0) open[above + 1].under = layer;
    if (!came(layer, refused || (!!layer.of && layer.of === dismissed)) && !layer.list && !layer.inner) come(layer, 120);
  }

  // what was asked for: it goes when Escape came before it
  function came(layer, unwanted = refused) {
    awaited = false;
    if (!unwanted) return false;
    refused = false;
    layer.leave();
    return true;
  }

  // asked for at each frame: a busy machine draws late
  function come(layer, frames) {
    if (open.at(-1) !== layer) return;
    const box = layer.box();
    const now = document.activeElement;
    if (box && now !== box && box.contains(now)) return;
    const el = box && first(layer, box);
    if (el) el.focus({ preventScroll: true });
    if (frames && !(el && document.activeElement === el)) requestAnimationFrame(() => come(layer, frames - 1));
  }

  function exit(layer) {
    const at = open.indexOf(layer);
    if (at < 0) return;
    open.splice(at, 1);
    left = layer;
    const box = layer.box();
    // once the page is drawn anew; somebody may already work elsewhere
    if (!layer.inner)
      queueMicrotask(() => {
        const now = document.activeElement;
        if (!now || now === document.body || (box && box.contains(now))) giveBack(layer, box);
      });
  }

  function giveBack(layer, box) {
    let from = layer;
    let el = null;
    if (layer.back && !(shown(layer.from) && (!layer.walked || layer.from.matches(layer.back)))) {
      el = [...document.querySelectorAll(layer.back)].find((each) => shown(each) && !(box && box.contains(each)));
    }
    while (!el && from) {
      const { under } = from;
      if (shown(from.from)) el = from.from;
      else if (open.includes(under) && under.here() && under.box()) el = first(under, under.box());
      from = under;
    }
    el = el || document.querySelector('.g-heading h1');
    if (!el) return;
    el.focus({ preventScroll: true });
    el.scrollIntoView({ block: 'nearest' });
  }

  function escaped(event) {
    const layer = top();
    dismissed = layer && !awaited ? layer.of : null;
    if (awaited || !layer) refuse();
    else layer.leave();
    if (!layer) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  function refuse() {
    refused = overtaking = true;
    awaited = false;
    ask = {};
    clearTimeout(soon);
    soon = setTimeout(() => {
      overtaking = false;
    }, ON_ITS_WAY);
  }

  function tabbed(event) {
    const layer = top();
    const box = layer && !layer.inner && layer.box();
    if (!box) return;
    const now = document.activeElement;
    const inside = box.contains(now);
    if (layer.panel && !inside && now !== document.body) return;
    const all = stops(box);
    const side = event.shiftKey ? Node.DOCUMENT_POSITION_PRECEDING : Node.DOCUMENT_POSITION_FOLLOWING;
    if (inside && all.some((el) => now.compareDocumentPosition(el) & side && !el.contains(now))) return;
    if (layer.list || (layer.popup && inside)) {
      // the browser goes on from what opened it
      layer.leave();
      if (inside && layer.from) layer.from.focus({ preventScroll: true });
      if (!event.shiftKey || layer.list) return;
    } else {
      const el = (event.shiftKey ? all.at(-1) : all[0]) || first(layer, box);
      if (el) el.focus();
    }
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  // Vuetify's menus keep Enter from the buttons in them
  function pressed(event) {
    const layer = top();
    const box = layer && layer.popup && layer.box();
    if (box && box.contains(event.target) && event.target.matches('button, summary')) event.stopImmediatePropagation();
  }

  function gesture(event) {
    dismissed = null;
    refused = event.type === 'popstate' && refused && overtaking;
    awaited = !refused && asksKernel(event);
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.key === 'Escape') {
        if (!event.isComposing) escaped(event);
        return;
      }
      gesture(event);
      if (event.key === 'Tab') tabbed(event);
      if (event.key === 'Enter') pressed(event);
    },
    true,
  );
  for (const type of ['click', 'pointerdown', 'drop', 'popstate']) window.addEventListener(type, gesture, true);
  window.addEventListener(
    'focusin',
    (event) => {
      last = event.target;
    },
    true,
  );

  return {
    enter,
    exit,
    came,
    first,
    // another page, or what it shows; returns whether it is still wanted
    asked() {
      const mine = ask;
      awaited = !refused;
      return () => mine === ask;
    },
    answered() {
      awaited = false;
    },
    // the page asked for is there: what stood on it already was asked for too
    arrived() {
      const layer = refused && top();
      if (layer) came(layer);
      awaited = false;
    },
  };
}

// one for the document: JupyterLab may show several pages
export const layers = window.gneticsLayers || (window.gneticsLayers = makeLayers());

// every dialog and menu of Vuetify, the lists of its fields among them, is one of these; told once it is, before any timer of its own
const OVERLAY = {
  watch: {
    modelValue: {
      immediate: true,
      flush: 'post',
      handler(on) {
        if (!['VDialog', 'VMenu'].includes(this.$parent && this.$parent.$options.name)) return; // what is said in passing
        if (!on) {
          if (this.gLayer) layers.exit(this.gLayer);
          return;
        }
        const popup = this.$parent.$options.name === 'VMenu';
        this.gLayer = {
          of: this,
          popup,
          list: /v-(select|autocomplete|combobox)__content/.test(this.contentClass),
          here: () => shown(place(this.$el && this.$el.parentElement)),
          box: () => this.contentEl,
          leave: () => this.$emit('update:modelValue', false),
        };
        layers.enter(this.gLayer);
      },
    },
  },
  beforeUnmount() {
    if (this.gLayer) layers.exit(this.gLayer);
  },
};

// v-panel="{ of, leave, back }" on a side panel: the focus comes in (again whenever `of`, what it shows, changes), Escape calls `leave`,
// and it goes back to what opened it or, when that is gone or something else was shown since, to what `back` (a selector) finds on the page
const PANEL = {
  mounted(el, { value }) {
    el.gLayer = { panel: true, here: () => shown(el), box: () => el, leave: value.leave, back: value.back };
    PANEL.show(el);
    layers.enter(el.gLayer);
  },
  updated(el, { value, oldValue }) {
    Object.assign(el.gLayer, { leave: value.leave, back: value.back });
    if (value.of === oldValue.of) return;
    el.gLayer.walked = true;
    PANEL.show(el);
    if (layers.came(el.gLayer)) return;
    const entry = layers.first(el.gLayer, el);
    if (entry) entry.focus({ preventScroll: true });
  },
  beforeUnmount(el) {
    layers.exit(el.gLayer);
  },
  show(el) {
    // from its beginning
    const body = el.querySelector('.g-side-body');
    if (body) body.scrollTop = 0;
  },
};

// v-escape="leave" on a field that is there while something is edited in place: Escape is for it first
const FIELD = {
  mounted(el, { value }) {
    el.gLayer = { inner: true, here: () => shown(el), box: () => el, leave: value };
    layers.enter(el.gLayer);
  },
  updated(el, { value }) {
    el.gLayer.leave = value;
  },
  beforeUnmount(el) {
    layers.exit(el.gLayer);
  },
};

export function installLayers(app) {
  app._context.components.VOverlay.mixins = [OVERLAY];
  app.directive('panel', PANEL);
  app.directive('escape', FIELD);
}
