// Days as people type them and as the kernel sends them: « 24/12/2026 », « 2026-12-24 »; formats are those of Python's strftime.

const TYPED = /^(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})$/;
const SENT = /^(\d{4})-(\d{2})-(\d{2})$/;

// undefined for what is no day, 31/02/2026 included; where the month comes first is said by `format`
export function readDay(text, format = '%d/%m/%Y') {
  const typed = TYPED.exec(text || '');
  const [one, other] = format.startsWith('%m') ? [1, 2] : [2, 1];
  const [year, month, day] = typed ? [typed[3], typed[one], typed[other]] : (SENT.exec(text || '') || []).slice(1);
  const found = new Date(+year, +month - 1, +day);
  return found.getMonth() === +month - 1 && found.getDate() === +day ? found : undefined;
}

// « 05/01/2026 » by %d/%m/%Y
export function writeDay(day, format) {
  const two = (number) => String(number).padStart(2, '0');
  return format
    .replace('%d', two(day.getDate()))
    .replace('%m', two(day.getMonth() + 1))
    .replace('%Y', day.getFullYear());
}
