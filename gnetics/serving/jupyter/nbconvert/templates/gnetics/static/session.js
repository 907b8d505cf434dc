// Watches the page's session: loading that takes too long or fails, and a kernel or a server that is gone.
(function () {
  'use strict';
  const EVERY = 30000; // ms; the app listens to the same beat (gnetics:tick)
  const SLOW = 20000; // ms before the loading screen offers to reload
  const EXPIRED = 'Session expirée : cette page est restée longtemps sans activité ou le serveur a redémarré. Rechargez la page pour continuer.';
  const SILENT = 'Le serveur ne répond pas. Vérifiez votre connexion ; cette page reprendra d’elle-même si le serveur revient.';
  const FAILED = 'La page n’a pas pu s’ouvrir. Rechargez-la ; si cela continue, prévenez votre administrateur.';
  const LATE = 'Le chargement est plus long que prévu.';

  // Voilà stops the kernel on beforeunload, which also comes before « Quitter la page ? » is answered « Rester », and with a mailto: link
  const listen = window.addEventListener;
  window.addEventListener = function (type, listener, ...options) {
    const stops = type === 'beforeunload' && String(listener).includes('sendBeacon');
    return listen.call(this, stops ? 'pagehide' : type, listener, ...options);
  };

  function trouble(sentence) {
    const box = document.querySelector('#g-loading .g-trouble');
    if (!box || document.body.classList.contains('g-ready')) return;
    box.querySelector('p').textContent = sentence;
    box.hidden = false;
  }
  window.gneticsFailed = () => trouble(FAILED);

  function notice(sentence) {
    let box = document.getElementById('g-session');
    if (!sentence) { if (box) box.remove(); return; }
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
    const config = JSON.parse(document.getElementById('jupyter-config-data').textContent);
    try {
      const answer = await fetch(`${config.baseUrl}api/kernels/${config.kernelId}`, { cache: 'no-store' });
      if (answer.ok) return 'alive';
      return answer.status < 500 ? 'expired' : 'silent';
    } catch (error) {
      return 'silent';
    }
  }

  window.gneticsCheckSession = async function () {
    const found = await state();
    notice({ alive: '', expired: EXPIRED, silent: SILENT }[found]);
    return found;
  };

  async function beat() {
    if (await window.gneticsCheckSession() === 'alive') window.dispatchEvent(new Event('gnetics:tick'));
  }

  document.addEventListener('DOMContentLoaded', () => {
    setInterval(beat, EVERY);
    setTimeout(() => trouble(LATE), SLOW);
    const shown = new MutationObserver(() => {
      if (!document.querySelector('.v-application')) return;
      document.body.classList.add('g-ready');
      shown.disconnect();
    });
    shown.observe(document.body, { childList: true, subtree: true });
  });
  document.addEventListener('visibilitychange', () => { if (!document.hidden) beat(); }); // a laptop that wakes up
  listen.call(window, 'pageshow', (event) => { if (event.persisted) location.reload(); }); // its kernel was stopped when it was left
})();
