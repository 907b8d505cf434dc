// The page around the app: its theme before anything is drawn, what Voilà wants of it, and its session: loading that takes too long
// or fails, a kernel or a server that is gone.
(function () {
  'use strict';
  const EVERY = 30000; // ms; the app listens to the same beat (gnetics:tick)
  const PATIENCE = 10000; // ms before the server counts as silent
  const SLOW = 20000; // ms before the loading screen offers to reload
  const EXPIRED =
    'Session expirée : cette page est restée longtemps sans activité ou le serveur a redémarré. Rechargez la page pour continuer.';
  const OUT = 'Vous n’êtes plus connecté. Ce que vous avez tapé reste ici : copiez-le, puis rechargez la page pour vous reconnecter.';
  const SILENT = 'Le serveur ne répond pas. Vérifiez votre connexion ; cette page reprendra d’elle-même si le serveur revient.';
  const FAILED = 'La page n’a pas pu s’ouvrir. Rechargez-la ; si cela continue, prévenez votre administrateur.';
  const LATE = 'Le chargement est plus long que prévu.';

  const kept = document.cookie.match(/\bgnetics_theme=(dark|light)/);
  const dark = kept ? kept[1] === 'dark' : window.matchMedia('(prefers-color-scheme: dark)').matches;
  document.documentElement.classList.toggle('g-dark', dark);

  // Voilà's inline scripts, here in a file: told that all cells are there, and by voila.js, later, that its styles are
  window.voila_finish = () => {
    if (!window.themeLoaded) {
      window.cellLoaded = true;
      return;
    }
    document.getElementById('loading').remove();
    document.getElementById('rendered_cells').style.display = '';
  };

  const session = () => JSON.parse(document.getElementById('jupyter-config-data').textContent);

  // Voilà stops the kernel on beforeunload, which also comes before « Quitter la page ? » is answered « Rester », and with a
  // mailto: link; and only once all its scripts have run. So its listener is left out, and the kernel stops on pagehide.
  const listen = window.addEventListener;
  window.addEventListener = function (type, listener, ...options) {
    if (type === 'beforeunload' && String(listener).includes('sendBeacon')) return;
    listen.call(this, type, listener, ...options);
  };
  window.addEventListener('pagehide', () => {
    if (!document.getElementById('jupyter-config-data')) return;
    const form = new FormData();
    form.append('_xsrf', (document.cookie.match(/\b_xsrf=([^;]*)/) || [])[1] || '');
    navigator.sendBeacon(`${session().baseUrl}voila/api/shutdown/${session().kernelId}`, form);
  });
  window.addEventListener('pageshow', (event) => {
    if (event.persisted) location.reload();
  });

  function trouble(sentence) {
    const box = document.querySelector('#g-loading .g-trouble');
    if (!box || document.body.classList.contains('g-ready')) return;
    box.querySelector('p').textContent = sentence;
    box.hidden = false;
  }

  function notice(sentence) {
    let box = document.getElementById('g-session');
    if (!sentence) {
      if (box) box.remove();
      return;
    }
    if (!box) {
      box = document.createElement('div');
      box.id = 'g-session';
      box.setAttribute('role', 'alert');
      const button = document.createElement('button');
      button.type = 'button';
      button.textContent = 'Recharger la page';
      button.addEventListener('click', () => location.reload());
      box.append(document.createElement('p'), button);
      document.body.append(box);
    }
    const words = box.querySelector('p');
    if (words.textContent !== sentence) words.textContent = sentence;
  }

  async function state() {
    try {
      const answer = await fetch(`${session().baseUrl}api/kernels/${session().kernelId}`, {
        cache: 'no-store',
        signal: AbortSignal.timeout(PATIENCE),
      });
      if (answer.ok) return 'alive';
      return answer.status === 403 ? 'out' : answer.status < 500 ? 'expired' : 'silent';
    } catch {
      return 'silent';
    }
  }

  window.gneticsCheckSession = async function () {
    const found = await state();
    notice({ alive: '', out: OUT, expired: EXPIRED, silent: SILENT }[found]);
    return found;
  };

  async function beat() {
    if ((await window.gneticsCheckSession()) === 'alive') window.dispatchEvent(new Event('gnetics:tick'));
  }

  setTimeout(() => trouble(LATE), SLOW);
  document.addEventListener('DOMContentLoaded', () => {
    window.voila_finish();
    if (document.querySelector('.g-failed')) trouble(FAILED);
    document.querySelector('.g-trouble button').addEventListener('click', () => location.reload());
    setInterval(beat, EVERY);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) beat();
    }); // a laptop that wakes up
    const shown = new MutationObserver(() => {
      if (!document.querySelector('.v-application')) return;
      document.body.classList.add('g-ready');
      shown.disconnect();
    });
    shown.observe(document.body, { childList: true, subtree: true });
  });
})();
