import { expect, test } from 'vitest';

import {
  CHOSEN,
  arrived,
  blockPlace,
  chipPlace,
  clock,
  dayAfter,
  firstHour,
  fitting,
  halfHour,
  linesIn,
  titleLines,
  walkedTo,
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
  expect(chipPlace({ column: 0, span: 7, lane: 1 }, 7, 32)).toEqual({ left: 'calc(0% + 4px)', width: 'calc(100% - 8px)', top: '58px' });
  expect(chipPlace({ column: 0, span: 7, lane: 0, before: true, after: true }, 7, 2).width).toBe('calc(100% - 0px)');
});

test('an event of a few minutes can be seen, and those at the same time stand beside each other', () => {
  expect(blockPlace({ start: 540, stop: 545, column: 1, columns: 2, span: 1 })).toEqual({
    top: '432px',
    height: '24px',
    left: 'calc(50% + 2px)',
    width: 'calc(50% - 4px)',
  });
  expect(blockPlace({ start: 540, stop: 600, column: 0, columns: 1, span: 1 }).height).toBe('46px');
});

test('a title has the lines that its event leaves it, one at least', () => {
  const lasting = (minutes) => ({ start: 540, stop: 540 + minutes });
  expect([titleLines(lasting(15)), titleLines(lasting(120)), titleLines(lasting(120), true)]).toEqual([1, 4, 3]);
});

test('the hours are scrolled to the first event, or to the morning', () => {
  const day = (...starts) => ({ blocks: starts.map((start) => ({ start })) });
  expect(firstHour([day(), day()])).toBe(360);
  expect(firstHour([day(600), day(420, 900)])).toBe(312);
  expect(firstHour([day(0)])).toBe(0);
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
