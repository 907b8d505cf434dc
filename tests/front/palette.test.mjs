import { expect, test } from 'vitest';

import { actions, matching, places } from '../../gnetics/pages/frame_parts/palette.mjs';

const titles = (found) => found.map((each) => each.title);

test('a title is found by its words in any order, whatever their accents', () => {
  const all = actions('faq', false, '');
  expect(titles(matching(all, 'evenement AJOUTER'))).toEqual(['Ajouter un événement']);
  expect(titles(matching(all, 'contacts'))).toEqual(['Importer des contacts', 'Exporter les contacts']);
  expect(matching(all, '  ')).toEqual(all);
  expect(matching(all, 'introuvable')).toEqual([]);
});

test('analyses stand behind the pages, each at its address', () => {
  const found = places([{ key: 'faq', title: 'FAQ', icon: 'mdi-help' }], [{ name: 'charge', title: 'Charge par responsable' }]);
  expect(found.map(({ page, detail }) => [page, detail])).toEqual([
    ['faq', 'Page'],
    ['analyses/charge', 'Analyse'],
  ]);
  expect(titles(matching(found, 'charge'))).toEqual(['Charge par responsable']);
});

test('whoever may not write is offered nothing that writes', () => {
  expect(titles(actions('faq', true, 'Lecture seule'))).toEqual([
    'Exporter les contacts',
    'Rafraîchir les données',
    'Passer au thème clair',
  ]);
});

test('what concerns the page shown stays on it', () => {
  expect(actions('inbox', false, '').filter((each) => each.page === 'inbox').length).toBe(2);
});
