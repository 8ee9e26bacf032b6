// Notes, kept in memory.

/** A store that holds notes of these texts, oldest first. */
export function createNoteStore(texts = []) {
  const notes = [];
  const add = (text) => {
    const note = { id: notes.length + 1, text: text.trim() };
    notes.unshift(note);
    return note;
  };
  texts.forEach(add);
  return { add, list: () => [...notes] };
}
