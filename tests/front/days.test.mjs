import { expect, test } from 'vitest';

import { readDay, writeDay } from '../../gnetics/widgets/days.mjs';

test('a day is read as people type it, or as the kernel sends it', () => {
  for (const text of ['24/12/2026', '24.12.2026', '24-12-2026', '2026-12-24']) expect(readDay(text)).toEqual(new Date(2026, 11, 24));
  expect(readDay('1/2/2026')).toEqual(new Date(2026, 1, 1));
});

test('what is no day is none, and never another one', () => {
  for (const text of ['31/02/2026', '2026-13-01', '0/1/2026', '24/12/26', 'demain', '', null, undefined])
    expect(readDay(text)).toBe(undefined);
});

test('where the month comes first, it is read first', () => {
  expect(readDay('12/01/2026', '%m/%d/%Y')).toEqual(new Date(2026, 11, 1));
  expect(readDay('2026-12-01', '%m/%d/%Y')).toEqual(new Date(2026, 11, 1));
  expect(readDay('31/12/2026', '%m/%d/%Y')).toBe(undefined);
});

test('29 February is there in leap years', () => {
  expect(readDay('29/02/2028')).toEqual(new Date(2028, 1, 29));
  expect(readDay('29/02/2027')).toBe(undefined);
});

test('a day is written as the region writes it', () => {
  expect(writeDay(new Date(2026, 0, 5), '%d/%m/%Y')).toBe('05/01/2026');
  expect(writeDay(new Date(2026, 0, 5), '%Y-%m-%d')).toBe('2026-01-05');
});
