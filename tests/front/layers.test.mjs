import { beforeEach, expect, test, vi } from 'vitest';

// the page, as far as Escape needs one
globalThis.window = new EventTarget();
globalThis.document = { body: {}, querySelector: () => null };
globalThis.requestAnimationFrame = () => {};
document.activeElement = document.body;
const { layers } = await import('../../gnetics/pages/layers.mjs');

function hear(type, about = {}) {
  window.dispatchEvent(Object.assign(new Event(type), about));
}

const escape = () => hear('keydown', { key: 'Escape' });

// a click whose target is within `opener`, or a link of the page `of`
function click({ opener = false, link = '', of = 'contacts', ...keys }) {
  const found = {
    matches: () => opener,
    pathname: `/voila/render/${link}.ipynb`,
    closest: () => ({ dataset: { page: of } }),
  };
  const event = Object.assign(new Event('click'), keys);
  Object.defineProperty(event, 'target', { value: { closest: () => (opener || link ? found : null) } });
  window.dispatchEvent(event);
}

let open = [];
function enter(name) {
  const layer = {
    here: () => open.includes(name),
    box: () => null,
    leave() {
      open = open.filter((each) => each !== name);
      layers.exit(layer);
    },
  };
  open.push(name);
  layers.enter(layer);
  return layer;
}

beforeEach(() => {
  vi.useFakeTimers();
  hear('pointerdown');
  open = [];
});

test('Escape closes what is on top', () => {
  enter('sheet');
  enter('question');
  escape();
  expect(open).toEqual(['sheet']);
});

test.each([
  ['a button that opens a dialog', () => click({ opener: true })],
  ['a link to what another page shows', () => click({ link: 'contacts', of: 'inbox' })],
  ['a move of the frame', () => layers.asked()],
])('what %s asks of the kernel is cancelled by an Escape that comes first, whatever is open beneath', (_, ask) => {
  enter('sheet');
  ask();
  escape();
  expect(open).toEqual(['sheet']);
  enter('dialog');
  expect(open).toEqual(['sheet']);
});

test.each([
  ['a link of the page to itself', () => click({ link: 'contacts' })],
  ['a link opened in another tab', () => click({ link: 'contacts', of: 'inbox', ctrlKey: true })],
  ['a click on nothing', () => click({})],
  [
    'a move that is over',
    () => {
      layers.asked();
      layers.arrived();
    },
  ],
])('after %s, Escape is for what is open', (_, done) => {
  enter('sheet');
  done();
  escape();
  expect(open).toEqual([]);
});

test('an Escape that overtakes Back cancels what Back opens', () => {
  escape();
  hear('popstate');
  layers.asked();
  enter('dialog');
  expect(open).toEqual([]);
});

test('an Escape typed long before Back cancels nothing', () => {
  escape();
  vi.advanceTimersByTime(1000);
  hear('popstate');
  layers.asked();
  enter('dialog');
  expect(open).toEqual(['dialog']);
});

test('what stood on the page asked for already goes too, and what a panel shows anew', () => {
  const sheet = enter('sheet');
  layers.asked();
  escape();
  layers.arrived();
  expect(open).toEqual([]);
  enter('sheet');
  layers.asked();
  expect(layers.came(sheet)).toBe(false);
  layers.asked();
  escape();
  expect(layers.came(sheet)).toBe(true);
});

test('what waits for its page asks whether it is still wanted', () => {
  const wanted = layers.asked();
  expect(wanted()).toBe(true);
  layers.arrived();
  escape();
  expect(wanted()).toBe(false);
});
