// What a drag means: by how many days and quarters of an hour an event is moved or stretched, and where that is drawn.
// Days are counted and hours are those of the wall: no instant is computed here, so no zone shifts one.

const QUARTER = 15;
export const NOWHERE = { days: 0, minutes: 0 };
const MIDNIGHT = 1440;

// of boxes in rows, the one at that point, or the nearest
export function boxAt(boxes, x, y) {
  const away = (b) => Math.max(b.left - x, 0, x - b.right) + Math.max(b.top - y, 0, y - b.bottom);
  return boxes.reduce((best, box, i) => (away(box) < away(boxes[best]) ? i : best), 0);
}

// minutes of so many px, by quarters of an hour
export function quarters(px, hour) {
  return Math.round(((px / hour) * 60) / QUARTER) * QUARTER;
}

const within = (low, value, high) => Math.min(Math.max(value, low), high) || 0; // no -0

// what of a shift can be: an event begins on the day it is moved to and ends after it begins, on the day it ends on
export function bounded(e, edge, { days, minutes }) {
  if (e.stop === undefined) return { days: edge ? Math.max(days, 1 - e.span) : days, minutes: 0 };
  const least = e.before ? QUARTER - e.stop : edge ? QUARTER + e.start - e.stop : -e.start;
  const most = edge || e.before ? MIDNIGHT - e.stop : MIDNIGHT - QUARTER - e.start;
  return { days: edge ? 0 : days, minutes: within(least, minutes, most) };
}

// what an arrow shifts: `hours` where days have them, where a row of the calendar is otherwise a week
export function arrow(key, hours) {
  const days = { ArrowLeft: -1, ArrowRight: 1 }[key] || 0;
  const rows = { ArrowUp: -1, ArrowDown: 1 }[key] || 0;
  if (!days && !rows) return null;
  return hours ? { days, minutes: rows * QUARTER } : { days: days + rows * 7, minutes: 0 };
}

export const added = (one, other) => ({ days: one.days + other.days, minutes: one.minutes + other.minutes });

// minutes of its day at which an event is drawn once shifted
export function hoursOf(e, edge, { minutes }) {
  return { start: edge ? e.start : e.start + minutes, stop: Math.min(e.stop + minutes, MIDNIGHT) };
}

// the hours of an empty slot between two places of a column, in minutes
export function slot(from, to) {
  const [first, last] = from < to ? [from, to] : [to, from];
  const start = within(0, Math.floor(first / QUARTER) * QUARTER, MIDNIGHT - QUARTER);
  return { start, stop: within(start + QUARTER, Math.ceil(last / QUARTER) * QUARTER, MIDNIGHT) };
}

const hour = (minute) => {
  const of = ((minute % MIDNIGHT) + MIDNIGHT) % MIDNIGHT;
  return `${String(Math.floor(of / 60)).padStart(2, '0')}:${String(of % 60).padStart(2, '0')}`;
};

// « 14:15 – 15:15 », « dès 23:15 » of what goes on the day after
export function hoursSaid(e, edge, { minutes }) {
  const [start, stop] = [hour(edge ? e.start : e.start + minutes), hour(e.stop + minutes)];
  return e.before ? `jusqu’à ${stop}` : e.after ? `dès ${start}` : `${start} – ${stop}`;
}

// « jeu. 26 nov. » of a day so many days after another
export function daySaid(day, after) {
  const at = new Date(`${day}T12:00:00Z`);
  at.setUTCDate(at.getUTCDate() + after);
  return at.toLocaleDateString('fr-FR', { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' });
}
