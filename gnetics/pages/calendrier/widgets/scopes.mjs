// What of a series may be meant, in words.
export const SCOPES = { one: 'Cet événement', following: 'Celui-ci et les suivants', all: 'Tous les événements de la série' };
