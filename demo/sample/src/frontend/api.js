// The server as functions. Each rejects with the server's own words.
import { NOTES_PATH } from '../shared/note-rules.js';

/** @param send a `fetch`; tests give their own */
export function createApi(send = (path, options) => fetch(path, options)) {
  async function ask(method, path, body) {
    const content = { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) };
    const response = await send(path, { method, ...(body === undefined ? {} : content) });
    const answer = response.status === 204 ? null : await response.json();
    if (!response.ok) throw new Error(answer?.error ?? 'The server did not answer.');
    return answer;
  }

  return {
    listNotes: () => ask('GET', NOTES_PATH),
    addNote: (text) => ask('POST', NOTES_PATH, { text }),
  };
}
