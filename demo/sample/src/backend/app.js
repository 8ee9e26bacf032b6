// The HTTP side of the board: which request gets which answer.
import { NOTES_PATH, noteProblem } from '../shared/note-rules.js';
import { readJson, sendJson } from './json.js';
import { sendPage } from './pages.js';

/** A listener for node:http. `notes` is a note store. */
export function createApp({ notes }) {
  const routes = {
    [`GET ${NOTES_PATH}`]: (request, response) => sendJson(response, 200, notes.list()),
    [`POST ${NOTES_PATH}`]: async (request, response) => {
      const { text } = await readJson(request);
      const problem = noteProblem(text);
      if (problem !== null) return sendJson(response, 400, { error: problem });
      return sendJson(response, 201, notes.add(text));
    },
  };

  async function answer(request, response) {
    const { pathname } = new URL(request.url, 'http://localhost');
    const route = routes[`${request.method} ${pathname}`];
    if (route !== undefined) return route(request, response);
    if (request.method === 'GET' && (await sendPage(pathname, response))) return;
    sendJson(response, 404, { error: 'There is nothing here.' });
  }

  return (request, response) =>
    answer(request, response).catch((error) => {
      console.error(error);
      sendJson(response, 500, { error: 'Something went wrong here.' });
    });
}
