// Starts the notes board: `npm start`, then open the address it prints.
import { createServer } from 'node:http';
import { createApp } from './app.js';
import { createNoteStore } from './note-store.js';

const port = Number(process.env.PORT ?? 3000);
const notes = createNoteStore(['Welcome to the notes board.']);

createServer(createApp({ notes })).listen(port, '127.0.0.1', () => {
  console.log(`Notes: http://127.0.0.1:${port}`);
});
