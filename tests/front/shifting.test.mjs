import { expect, test } from 'vitest';

import {
  added,
  arrow,
  bounded,
  boxAt,
  daySaid,
  hoursOf,
  hoursSaid,
  quarters,
  slot,
} from '../../gnetics/pages/calendrier/widgets/shifting.mjs';

const block = (start, stop, more = {}) => ({ start, stop, ...more });
const by = (days, minutes = 0) => ({ days, minutes });
const row = (top) => [0, 100, 200].map((left) => ({ left, right: left + 100, top, bottom: top + 50 }));

test('a point is in its box, or nearest to one', () => {
  const boxes = [...row(0), ...row(50)];
  expect([boxAt(boxes, 150, 20), boxAt(boxes, 250, 70), boxAt(boxes, -40, 60), boxAt(boxes, 999, 999)]).toEqual([1, 5, 3, 5]);
});

test('px are quarters of an hour, of which half a one is the next', () => {
  expect([0, 5, 7, 12, -12, 48, 60].map((px) => quarters(px, 48))).toEqual([0, 0, 15, 15, -15, 60, 75]);
});

test('an event moved begins on its day, and may end on the next', () => {
  const e = block(540, 600);
  expect(bounded(e, false, by(2, 45))).toEqual(by(2, 45));
  expect(bounded(e, false, by(0, -700))).toEqual(by(0, -540));
  expect(bounded(e, false, by(0, 2000))).toEqual(by(0, 885));
  expect(bounded(block(0, 60, { before: true }), false, by(0, -200))).toEqual(by(0, -45));
});

test('an event stretched ends a quarter after it begins, at midnight at the latest, on its own day', () => {
  const e = block(540, 600);
  expect(bounded(e, true, by(3, 30))).toEqual(by(0, 30));
  expect(bounded(e, true, by(0, -600))).toEqual(by(0, -45));
  expect(bounded(e, true, by(0, 2000))).toEqual(by(0, 840));
});

test('whole days are moved by days, and keep one when they are stretched', () => {
  expect(bounded({ span: 3 }, false, by(-5, 30))).toEqual(by(-5));
  expect(bounded({ span: 3 }, true, by(-5))).toEqual(by(-2));
});

test('what is dragged to and fro is where it was', () => {
  for (const edge of [false, true]) expect(bounded(block(545, 605), edge, by(0, 0))).toEqual(by(0, 0));
});

test('arrows are quarters and days among the hours, days and weeks in a month', () => {
  expect(['ArrowUp', 'ArrowDown', 'ArrowLeft', 'ArrowRight'].map((key) => arrow(key, true))).toEqual([
    by(0, -15),
    by(0, 15),
    by(-1, 0),
    by(1, 0),
  ]);
  expect(['ArrowUp', 'ArrowDown'].map((key) => arrow(key, false))).toEqual([by(-7), by(7)]);
  expect(arrow('Enter', true)).toBe(null);
  expect(added(by(1, 15), by(-7, 15))).toEqual(by(-6, 30));
});

test('an event is drawn in its day, and says the hours it really has', () => {
  expect(hoursOf(block(1380, 1430), false, by(0, 30))).toEqual({ start: 1410, stop: 1440 });
  expect(hoursSaid(block(1380, 1430), false, by(0, 30))).toBe('23:30 – 00:20');
  expect(hoursSaid(block(540, 600), true, by(0, 45))).toBe('09:00 – 10:45');
  expect(hoursSaid(block(1380, 1440, { after: true }), false, by(0, -15))).toBe('dès 22:45');
  expect(hoursSaid(block(0, 60, { before: true }), false, by(0, 15))).toBe('jusqu’à 01:15');
});

test('an empty slot is whole quarters, downwards or upwards, within its day', () => {
  expect([slot(610, 655), slot(655, 610), slot(600, 600), slot(1439, 1600), slot(20, -90)]).toEqual([
    { start: 600, stop: 660 },
    { start: 600, stop: 660 },
    { start: 600, stop: 615 },
    { start: 1425, stop: 1440 },
    { start: 0, stop: 30 },
  ]);
});

test('a day is counted on the calendar, whatever the zone and the season', () => {
  expect([daySaid('2032-03-27', 1), daySaid('2032-02-28', 1), daySaid('2032-10-31', 1)]).toEqual([
    'dim. 28 mars',
    'dim. 29 févr.',
    'lun. 1 nov.',
  ]);
});
