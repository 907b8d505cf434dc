// What a log says of its lines.

const many = (n) => n.toLocaleString('fr-FR');

// « 12 lignes », or « 3 sur 12 » once they are filtered
export function counting(count, total, filtered) {
  return filtered ? `${many(count)} sur ${many(total)}` : `${many(count)} ligne${count > 1 ? 's' : ''}`;
}

// « 51–100 sur 1 200 »: the page whose first line is the `first`
export function place(first, length, count) {
  return `${many(first)}–${many(first + length - 1)} sur ${many(count)}`;
}

// what parts a cell's text from what stands after it: a domain follows its name
export function between({ text, sub, pill }) {
  if (!text || sub.startsWith('@')) return '';
  return pill ? '\u00a0 ' : ' · ';
}
