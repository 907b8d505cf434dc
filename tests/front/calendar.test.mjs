import { expect, test } from 'vitest';

import {
  CHOSEN,
  NARROWEST,
  WEEK,
  arrived,
  blockPlace,
  chipPlace,
  clock,
  crowd,
  dayAfter,
  edgesOf,
  firstHour,
  fitting,
  halfHour,
  linesIn,
  titleLines,
  walkedTo,
  widthsOf,
} from '../../gnetics/pages/calendrier/widgets/calendar.mjs';

// seven days with so many events each
const week = (counts, items) => ({ days: counts.map((count) => ({ count })), items });
const event = (key, column, lane, span = 1) => ({ key, column, lane, span });
const keys = (laid) => laid.drawn.map((e) => e.key);

test('all events are drawn where they have a line each', () => {
  const laid = fitting(week([3, 0, 0, 0, 0, 0, 0], [event(1, 0, 0), event(2, 0, 1), event(3, 0, 2)]), 3);
  expect(keys(laid)).toEqual([1, 2, 3]);
  expect(laid.left).toEqual([0, 0, 0, 0, 0, 0, 0]);
});

test('the last line of a crowded day is for the count of those left out', () => {
  const laid = fitting(week([4, 0, 0, 0, 0, 0, 0], [event(1, 0, 0), event(2, 0, 1), event(3, 0, 2), event(4, 0, 3)]), 3);
  expect(keys(laid)).toEqual([1, 2]);
  expect(laid.left[0]).toBe(2);
});

test('an event over a crowded day and a calm one leaves the last line of both', () => {
  const laid = fitting(week([4, 1, 0, 0, 0, 0, 0], [event(1, 0, 0), event(2, 0, 1), event(3, 0, 2, 2), event(4, 0, 3)]), 3);
  expect(keys(laid)).toEqual([1, 2]);
  expect(laid.left.slice(0, 2)).toEqual([2, 1]);
});

test('what the kernel did not send is counted too', () => {
  expect(fitting(week([40, 0, 0, 0, 0, 0, 0], [event(1, 0, 0), event(2, 0, 1)]), 2).left[0]).toBe(39);
});

test('a week has a line, however low it is', () => {
  expect([0, 60, 112, 138].map(linesIn)).toEqual([1, 1, 3, 4]);
});

test('an event that goes on reaches the edge of its week', () => {
  expect(chipPlace({ column: 0, span: 7, lane: 1 }, WEEK, 32)).toEqual({ left: 'calc(0% + 4px)', width: 'calc(100% - 8px)', top: '58px' });
  expect(chipPlace({ column: 0, span: 7, lane: 0, before: true, after: true }, WEEK, 2).width).toBe('calc(100% - 0px)');
});

test('an event of a few minutes can be seen, and those at the same time stand beside each other', () => {
  expect(blockPlace({ start: 540, stop: 545, column: 1, columns: 2, span: 1 })).toEqual({
    top: '432px',
    height: '24px',
    left: 'calc(50% + 1px)',
    width: 'calc(50% - 2px)',
  });
  expect(blockPlace({ start: 540, stop: 600, column: 0, columns: 1, span: 1 }).height).toBe('46px');
});

test('a title has the lines that its event leaves it, one at least', () => {
  const lasting = (minutes) => ({ start: 540, stop: 540 + minutes });
  expect([titleLines(lasting(15)), titleLines(lasting(120)), titleLines(lasting(120), true)]).toEqual([1, 4, 3]);
});

test('the hours are scrolled to the first event, or to the morning', () => {
  const day = (...starts) => ({ blocks: starts.map((start) => ({ start })) });
  expect(firstHour([day(), day()], 480)).toBe(360);
  expect(firstHour([day(), day(660)], 540)).toBe(408);
  expect(firstHour([day(600), day(420, 900)], 480)).toBe(312);
  expect(firstHour([day(0)], 480)).toBe(0);
  expect(firstHour([{ blocks: [{ start: 0, before: true }, { start: 600 }] }], 480)).toBe(360); // of the evening before
});

test('a click among the hours is half an hour of that day', () => {
  expect([-3, 0, 629, 630, 1500].map(halfHour)).toEqual([0, 0, 600, 630, 1410]);
  expect([0, 570, 1410].map(clock)).toEqual(['00:00', '09:30', '23:30']);
});

test('days follow each other over months, years and changes of clocks', () => {
  expect(dayAfter('2026-12-31', 1)).toBe('2027-01-01');
  expect(dayAfter('2028-03-01', -1)).toBe('2028-02-29');
  expect(dayAfter('2026-03-28', 7)).toBe('2026-04-04');
});

test('keys typed ahead of the answer count from where the others led', () => {
  expect(walkedTo('', '2031-03-04')).toBe('2031-03-04');
  expect(walkedTo('2031-03-25', '2031-03-04')).toBe('2031-03-25');
  expect(walkedTo(CHOSEN, '2031-03-04')).toBe('2031-03-04');
});

test('the focus goes to the day that was awaited, and to no other', () => {
  expect(arrived('2031-04-01', '2031-03-25')).toBe(false);
  expect(arrived('2031-04-01', '2031-04-01')).toBe(true);
  expect(arrived(CHOSEN, '2031-04-01')).toBe(true);
  expect(arrived('', '2031-04-01')).toBe(false);
});

const block = (key, column, columns, start = 540, stop = 600) => ({ key, column, columns, span: 1, start, stop });
const day = (...columns) => ({ blocks: columns.map((count, i) => block(i, 0, count)) });

test('days are as wide as each other where every event can be read', () => {
  expect(widthsOf([day(1), day(2), day()], 600)).toEqual([200, 200, 200]);
});

test('a day of overlapping events takes what calm days can spare, and no more', () => {
  const widths = widthsOf([day(4), day(1), day(1)], 480);
  expect(widths.map(Math.round)).toEqual([296, 92, 92]);
  expect(widthsOf([day(9), day(1), day(1)], 480).map(Math.round)).toEqual([312, 84, 84]);
  expect(widthsOf([day(9), day(9)], 200)).toEqual([100, 100]);
});

test('whole days stand over the days they are of, however wide', () => {
  const place = chipPlace({ column: 1, span: 1, lane: 0 }, edgesOf([200, 100, 100]), 2);
  expect([place.left, place.width]).toEqual(['calc(50% + 4px)', 'calc(25% - 8px)']);
});

test('events that would be too narrow to read are counted at their hour', () => {
  const four = [0, 1, 2, 3].map((column) => block(column, column, 4, 540 + 15 * column, 600 + 15 * column));
  expect(crowd(four, 4 * NARROWEST)).toEqual({ drawn: four, more: [] });
  const { drawn, more } = crowd([...four, block(9, 0, 1, 900, 960)], 3 * NARROWEST);
  expect(drawn.map((e) => [e.key, Math.floor(e.columns)])).toEqual([
    [0, 2],
    [1, 2],
    [9, 1],
  ]);
  expect(more.map((m) => [m.start, m.stop, m.events.map((e) => e.key)])).toEqual([[570, 645, [2, 3]]]);
});

test('however narrow the day, one event stays and none is left out without a count', () => {
  const { drawn, more } = crowd([block(1, 0, 2), block(2, 1, 2)], 50);
  expect([drawn.length, more.length]).toEqual([1, 1]);
});
