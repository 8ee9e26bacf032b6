// The list of notes as HTML.

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export const escapeHtml = (text) => text.replace(/[&<>"']/g, (character) => ESCAPES[character]);

/** List items, in the order given; one that says so when there are none. */
export function notesHtml(notes) {
  if (notes.length === 0) return '<li>No notes yet.</li>';
  return notes.map(({ text }) => `<li>${escapeHtml(text)}</li>`).join('');
}
