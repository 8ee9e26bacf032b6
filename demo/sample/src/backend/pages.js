// Serves the page: files of src/frontend, and of src/shared below /shared/.
import { readFile } from 'node:fs/promises';

const TYPES = { html: 'text/html; charset=utf-8', js: 'text/javascript', css: 'text/css' };
const NAME = /^\/(shared\/)?([\w-]+)\.(html|js|css)$/;

/** Sends the file and returns true, or returns false when there is none. */
export async function sendPage(pathname, response) {
  const [, shared, name, type] = NAME.exec(pathname === '/' ? '/index.html' : pathname) ?? [];
  if (name === undefined) return false;
  const folder = shared === undefined ? 'frontend' : 'shared';
  try {
    const content = await readFile(new URL(`../${folder}/${name}.${type}`, import.meta.url));
    response.writeHead(200, { 'content-type': TYPES[type] }).end(content);
    return true;
  } catch (error) {
    if (error.code === 'ENOENT') return false;
    throw error;
  }
}
