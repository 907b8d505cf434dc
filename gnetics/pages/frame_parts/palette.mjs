// What the palette has without the kernel: pages, analyses and actions, found by the words of their titles.

const ACTIONS = [
  {
    title: 'Ajouter un contact',
    icon: 'mdi-account-plus-outline',
    page: 'contacts',
    query: { lead: 'nouveau' },
    ref: 'contact',
    writes: true,
  },
  {
    title: 'Ajouter un événement',
    icon: 'mdi-calendar-plus-outline',
    page: 'calendrier',
    query: { new: 1 },
    ref: 'event',
    writes: true,
  },
  { title: 'Importer des contacts', icon: 'mdi-tray-arrow-up', page: 'contacts', query: {}, ref: 'importer', writes: true },
  { title: 'Exporter les contacts', icon: 'mdi-tray-arrow-down', page: 'contacts', query: {}, ref: 'exporter' },
];

// those of somebody on this page; what writes is for those who may
export function actions(route, dark, locked) {
  return [
    ...ACTIONS.filter((each) => !each.writes || !locked),
    { title: 'Rafraîchir les données', icon: 'mdi-refresh', page: route, query: {}, ref: 'refresh' },
    {
      title: dark ? 'Passer au thème clair' : 'Passer au thème sombre',
      icon: 'mdi-theme-light-dark',
      page: route,
      query: {},
      ref: 'theme',
    },
  ].map((each) => ({ ...each, detail: 'Action' }));
}

// the pages of the app, and the analyses, which are pages of their own
export function places(pages, analyses) {
  return [
    ...pages.map((p) => ({ page: p.key, query: {}, ref: '', title: p.title, detail: 'Page', icon: p.icon })),
    ...analyses.map((a) => ({
      page: `analyses/${a.name}`,
      query: {},
      ref: '',
      title: a.title,
      detail: 'Analyse',
      icon: 'mdi-chart-box-outline',
    })),
  ];
}

function fold(text) {
  return text
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .toLowerCase();
}

// those whose title has every word, whatever the accents
export function matching(entries, wanted) {
  const words = fold(wanted).split(' ').filter(Boolean);
  return entries.filter((each) => words.every((word) => fold(each.title).includes(word)));
}
