import { expect, test } from 'vitest';

import { between, counting, place } from '../../gnetics/pages/logs/widgets/log_words.mjs';

const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');

test('the lines are counted, and beside all of them once they are filtered', () => {
  expect([counting(1, 1, false), counting(0, 0, false), counting(2, 2, false)]).toEqual(['1 ligne', '0 ligne', '2 lignes']);
  expect(plain(counting(3, 1200, true))).toBe('3 sur 1 200');
});

test('a page says which lines it has', () => {
  expect(plain(place(51, 50, 1200))).toBe('51–100 sur 1 200');
  expect(place(1, 1, 1)).toBe('1–1 sur 1');
});

test('a domain follows its name, anything else stands apart', () => {
  const cell = (text, sub, pill = '') => between({ text, sub, pill });
  expect([cell('alice', '@lumen.fr'), cell('', 'Lumen'), cell('Alice', 'Lumen'), cell('Refusé', '550', 'late')]).toEqual([
    '',
    '',
    ' · ',
    '\u00a0 ',
  ]);
});
