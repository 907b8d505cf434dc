// A published analysis: its menu, its theme, running it anew or stopping a cell.
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
