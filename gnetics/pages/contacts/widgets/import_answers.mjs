// What a person answers about a file that is imported, and what is said of files at once.

// those answered already, which are not asked any more and may be answered otherwise; `name` tells one from another
export function settledOf(asked, answered, name) {
  return Object.values(answered).filter((one) => !asked.some((still) => still[name] === one[name]));
}

// whether a column, or a word of status, is to be read otherwise than it was
export const repicked = (columns, picks) => columns.some((c) => picks[c.name] !== c.field);
export const remarked = (words, marks) => words.some((w) => marks[w.word] !== w.ours);

export function size(bytes) {
  return bytes < 1048576
    ? `${Math.max(1, Math.round(bytes / 1024)).toLocaleString('fr-FR')}\u00a0ko`
    : `${(bytes / 1048576).toLocaleString('fr-FR', { maximumFractionDigits: 1 })}\u00a0Mo`;
}

// why these files are not taken; "" for the one that is
export function refusalOf(files, limit) {
  const [file] = files;
  if (!file) return 'Ce que vous avez déposé n’est pas un fichier\u00a0: choisissez un classeur.';
  if (files.length > 1) return 'Un seul fichier à la fois\u00a0: choisissez un classeur, puis importez le suivant.';
  if (file.size <= limit) return '';
  const said = `Le fichier fait ${size(file.size)}, le maximum est ${size(limit)}`;
  return `${said}\u00a0: partagez-le en plusieurs classeurs, ou demandez à votre administrateur de l’importer.`;
}
