// Addresses of pages, relative to the one shown: « contacts.ipynb?lead=L-000012 ».

export function href(page, query = {}) {
  const text = new URLSearchParams(query).toString();
  return `${page}.ipynb${text ? '?' + text : ''}`;
}

// which page the address shows, and its query
export function placeOf({ pathname, search }) {
  const page = decodeURIComponent(pathname.split('/').pop()).replace(/\.ipynb$/, '');
  return { page, query: Object.fromEntries(new URLSearchParams(search)) };
}

// of a plain page of the server, beside the app
export function door({ pathname }, page) {
  return pathname.replace(/voila\/render\/.*$/, page);
}
