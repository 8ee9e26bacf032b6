// What server and page agree on for notes.

export const NOTES_PATH = '/api/notes';

/** Longest note, in characters. */
export const MAX_NOTE_LENGTH = 280;

/** What is wrong with the text of a note, in words for people; null when nothing is. */
export function noteProblem(text) {
  if (typeof text !== 'string' || text.trim() === '') return 'A note needs some text.';
  if (text.length > MAX_NOTE_LENGTH) return `A note has at most ${MAX_NOTE_LENGTH} characters.`;
  return null;
}
