// The real app on a free port, for one test.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { createApp } from '../../src/backend/app.js';
import { createNoteStore } from '../../src/backend/note-store.js';

/** Starts it with these notes and ends it with the test. Returns its address. */
export async function startApp(test, texts = []) {
  const server = createServer(createApp({ notes: createNoteStore(texts) }));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  test.after(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${server.address().port}`;
}
