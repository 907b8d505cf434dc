import { expect, test } from 'vitest';

import { refusalOf, remarked, repicked, settledOf, size } from '../../gnetics/pages/contacts/widgets/import_answers.mjs';

const plain = (text) => text.replace(/[\u00a0\u202f]/g, ' ');

test('what was answered stays to be answered otherwise, unless it is still asked', () => {
  const [name, date] = [{ column: 'Nom' }, { column: 'Date' }];
  expect(settledOf([name], { Date: date, Nom: name }, 'column')).toEqual([date]);
  expect(settledOf([], {}, 'column')).toEqual([]);
});

test('a column or a word read otherwise than it was is to be verified', () => {
  const [columns, words] = [[{ name: 'Mél', field: 'email' }], [{ word: 'won', ours: 'Clos' }]];
  expect([repicked(columns, { Mél: 'email' }), repicked(columns, { Mél: '' })]).toEqual([false, true]);
  expect([remarked(words, { won: 'Clos' }), remarked(words, { won: 'Perdu' })]).toEqual([false, true]);
});

test('one file that is not too large is taken, anything else is refused with the reason', () => {
  const file = { size: 2000 };
  expect(refusalOf([file], 2000)).toBe('');
  expect(plain(refusalOf([], 2000))).toContain('n’est pas un fichier');
  expect(plain(refusalOf([file, file], 2000))).toContain('Un seul fichier à la fois');
  expect(plain(refusalOf([{ size: 3 * 1048576 }], 1048576))).toContain('Le fichier fait 3 Mo, le maximum est 1 Mo');
});

test('sizes are read as people say them', () => {
  expect([1, 1023, 1048575, 1572864].map(size).map(plain)).toEqual(['1 ko', '1 ko', '1 024 ko', '1,5 Mo']);
});
