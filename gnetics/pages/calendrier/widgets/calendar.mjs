// What the calendar computes: what fits where, and where keys lead.

export const HOUR = 48; // px of an hour
export const LINE = 26; // px of a line of events
export const NARROWEST = 74; // px of an event whose first nine characters can be read
const CALM = 84; // px that a day without overlapping events keeps
const MORE = 30; // px of « +2 »

const sum = (numbers) => numbers.reduce((total, each) => total + each, 0);

// shares of the width at which days begin and the last one ends
export function edgesOf(widths) {
  const whole = sum(widths);
  return [0, ...widths.map((_, i) => sum(widths.slice(0, i + 1)) / whole)];
}

export const WEEK = edgesOf([1, 1, 1, 1, 1, 1, 1]);

// px of each day: those on which many events overlap take what the others can spare
export function widthsOf(days, width) {
  const share = width / days.length;
  const needs = days.map((d) => NARROWEST * Math.max(1, ...d.blocks.map((e) => e.columns)));
  const lacking = needs.map((need) => Math.max(0, need - share));
  const spare = needs.map((need) => Math.max(0, share - Math.max(need, CALM)));
  const moved = Math.min(sum(lacking), sum(spare));
  return moved ? days.map((_, i) => share + moved * (lacking[i] / sum(lacking) - spare[i] / sum(spare))) : days.map(() => share);
}

// of the events of a day of that width: those that are drawn, and the times at which others are left out
export function crowd(blocks, width) {
  const fits = (e) => e.columns <= Math.max(1, Math.floor(width / NARROWEST));
  const room = Math.max(1, Math.floor((width - MORE) / NARROWEST));
  const drawn = blocks
    .filter((e) => fits(e) || e.column < room)
    .map((e) => (fits(e) ? e : { ...e, columns: (room * width) / (width - MORE), span: Math.min(e.span, room - e.column) }));
  const more = [];
  for (const e of blocks.filter((each) => !fits(each) && each.column >= room)) {
    const last = more[more.length - 1];
    if (last && e.start < last.stop) Object.assign(last, { stop: Math.max(last.stop, e.stop), events: [...last.events, e] });
    else more.push({ start: e.start, stop: e.stop, events: [e] });
  }
  return { drawn, more };
}

// « 09:30 » of 570
export function clock(minute) {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
}

// of a week whose days have room for so many lines: the events that are drawn, and how many each day leaves out
export function fitting(week, room) {
  const minus = (items) => {
    const left = week.days.map((d) => d.count);
    for (const e of items) for (let i = e.column; i < e.column + e.span; i += 1) left[i] -= 1;
    return left;
  };
  const over = minus(week.items.filter((e) => e.lane < room)); // the last line is for « +N autres » on days that need it
  const free = (e) => over.slice(e.column, e.column + e.span).every((n) => !n);
  const drawn = week.items.filter((e) => e.lane < room - 1 || (e.lane === room - 1 && free(e)));
  return { number: week.number, days: week.days, drawn, left: minus(drawn) };
}

// how many lines of events a week of that height has below the numbers of its days
export function linesIn(height) {
  return Math.max(1, Math.floor((height - 34) / LINE));
}

// of an event over days of a row whose `edges` are shares of its width; one that goes on before or after reaches the edge
export function chipPlace(e, edges, top) {
  const [before, after] = [e.before ? 0 : 4, e.after ? 0 : 4];
  const [from, to] = [edges[e.column], edges[e.column + e.span]];
  return {
    left: `calc(${from * 100}% + ${before}px)`,
    width: `calc(${(to - from) * 100}% - ${before + after}px)`,
    top: `${top + e.lane * LINE}px`,
  };
}

// of an event among the hours of its day, beside those at the same time
export function blockPlace(e) {
  return {
    top: `${(e.start / 60) * HOUR}px`,
    height: `${Math.max(26, ((e.stop - e.start) / 60) * HOUR) - 2}px`,
    left: `calc(${(e.column / e.columns) * 100}% + 1px)`,
    width: `calc(${(e.span / e.columns) * 100}% - 2px)`,
  };
}

// lines that its first words may take: above its hours, and above its title where that has a line of its own
export function titleLines(e, titleBelow) {
  const height = ((e.stop - e.start) / 60) * HOUR;
  return Math.max(1, Math.floor((height - 24) / 16) - (titleBelow ? 1 : 0));
}

// where the hours are scrolled to: half an hour before the first event that begins among them, or before work does
export function firstHour(days, opens) {
  const begins = days.flatMap((d) => d.blocks.filter((e) => !e.before).map((e) => e.start));
  return Math.max(0, (Math.min(opens, ...begins) / 60 - 0.5) * HOUR);
}

// minutes of a day, by steps of half an hour
export function halfHour(minute) {
  return Math.min(1410, Math.max(0, Math.floor(minute / 30) * 30));
}

export function dayAfter(day, step) {
  const to = new Date(day + 'T12:00:00Z');
  to.setUTCDate(to.getUTCDate() + step);
  return to.toISOString().slice(0, 10);
}

// The focus may be on its way to a day that the kernel has yet to show: `awaited` is that day, CHOSEN the one of a month to come,
// or nothing. Keys typed ahead of the answer count from where the others led.
export const CHOSEN = 'chosen';
export const STEPS = { ArrowLeft: -1, ArrowRight: 1, ArrowUp: -7, ArrowDown: 7 };

export function walkedTo(awaited, day) {
  return awaited && awaited !== CHOSEN ? awaited : day;
}

export function arrived(awaited, day) {
  return awaited === CHOSEN || awaited === day;
}
