import { expect, test } from 'vitest';

import { door, href, placeOf } from '../../gnetics/pages/frame_parts/addresses.mjs';

test('an address says its page and its query, and is read again', () => {
  const address = href('contacts', { q: 'Noé & fils', vue: 'table' });
  expect(address).toBe('contacts.ipynb?q=No%C3%A9+%26+fils&vue=table');
  const { pathname, search } = new URL(address, 'http://localhost/crm/voila/render/');
  expect(placeOf({ pathname, search })).toEqual({ page: 'contacts', query: { q: 'Noé & fils', vue: 'table' } });
  expect(href('faq')).toBe('faq.ipynb');
  expect(href('contacts', { lead: '~1 & 2' })).toBe('contacts.ipynb?lead=%7E1+%26+2');
});

test('plain pages stand beside the app, whatever its prefix', () => {
  expect(door({ pathname: '/crm/voila/render/faq.ipynb' }, 'deconnexion')).toBe('/crm/deconnexion');
  expect(door({ pathname: '/voila/render/faq.ipynb' }, '')).toBe('/');
});
