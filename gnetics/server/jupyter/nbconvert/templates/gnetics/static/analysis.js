// A published analysis: its menu, its palette, its theme, running it anew or stopping a cell.
(function () {
  'use strict';
  const cells = () => document.getElementById('rendered_cells');
  const session = () => JSON.parse(document.getElementById('jupyter-config-data').textContent);
  const cookie = (name) => (document.cookie.match(new RegExp(`\\b${name}=([^;]*)`)) || [])[1] || '';
  const acts = {
    menu(button) {
      button.setAttribute('aria-expanded', String(document.body.classList.toggle('g-opened')));
    },
    theme() {
      const dark = document.documentElement.classList.toggle('g-dark');
      const place = document.body.dataset.baseUrl.replace(/voila\/$/, '');
      document.cookie = `gnetics_theme=${dark ? 'dark' : 'light'}; path=${place}; max-age=31536000; samesite=lax`;
    },
    palette() {
      palette.open();
    },
    refresh() {
      location.reload();
    },
    interrupt() {
      if (!document.getElementById('jupyter-config-data')) return; // no kernel yet
      const form = new FormData();
      form.append('_xsrf', cookie('_xsrf'));
      const { baseUrl, kernelId } = session();
      fetch(`${baseUrl}analyses/interrompre/${kernelId}`, { method: 'POST', body: form });
    },
  };
  // Ctrl+K, as in the app: the pages and analyses of the sidebar by their words; contacts are found on theirs
  const palette = (() => {
    const box = document.getElementById('g-palette');
    const [input, list] = box.children;
    const fold = (text) =>
      text
        .normalize('NFKD')
        .replace(/[\u0300-\u036f]/g, '')
        .toLowerCase();
    let picked = 0;

    function found() {
      const words = fold(input.value).split(' ').filter(Boolean);
      const links = [...document.querySelectorAll('.g-side nav a')];
      const places = links.map((link) => [link.textContent, link.href.includes('/analyses/') ? 'Analyse' : 'Page', link.href]);
      const contacts = links.find((link) => link.href.endsWith('/contacts.ipynb'));
      const wanted = input.value.trim();
      const search = wanted &&
        contacts && [`Chercher «\u00a0${wanted}\u00a0»`, 'Contacts', `${contacts.href}?q=${encodeURIComponent(wanted)}`];
      return [...places.filter(([title]) => words.every((word) => fold(title).includes(word))), ...(search ? [search] : [])];
    }

    function mark(at) {
      picked = at;
      [...list.children].forEach((option, i) => option.setAttribute('aria-selected', String(i === at)));
      input.setAttribute('aria-activedescendant', `g-found-${at}`);
      if (list.children[at]) list.children[at].scrollIntoView({ block: 'nearest' });
    }

    function draw() {
      const options = found().map(([title, detail, href], i) => {
        const option = Object.assign(document.createElement('a'), { id: `g-found-${i}`, href, tabIndex: -1 });
        option.setAttribute('role', 'option');
        for (const text of [title, detail]) option.append(Object.assign(document.createElement('span'), { textContent: text }));
        return option;
      });
      list.replaceChildren(...options);
      mark(0);
    }

    input.addEventListener('input', draw);
    box.addEventListener('click', (event) => event.target === box && box.close()); // beside it
    box.addEventListener('keydown', (event) => {
      const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const { length } = list.children;
      if (by && length) mark((picked + by + length) % length);
      else if (event.key === 'Enter' && length) list.children[picked].click();
      else return;
      event.preventDefault();
    });
    document.addEventListener('keydown', (event) => {
      if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== 'k') return;
      event.preventDefault();
      palette.open();
    });
    return {
      open() {
        if (box.open) return;
        input.value = '';
        draw();
        box.showModal();
        input.focus();
      },
    };
  })();

  document.addEventListener('click', (event) => {
    const button = event.target.closest('button[data-act]');
    if (button) acts[button.dataset.act](button);
  });
  document.addEventListener('DOMContentLoaded', () => {
    document.body.classList.add('g-computed');
    const show = () => cells().style.display !== 'none' && document.body.classList.add('g-ready');
    show();
    new MutationObserver(show).observe(cells(), { attributes: true, attributeFilter: ['style'] });
  });
})();
