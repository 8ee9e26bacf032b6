// Who is logged in: a random token in a cookie that scripts cannot read.
import { randomBytes } from 'node:crypto';

const NAME = 'session';
const ATTRIBUTES = 'HttpOnly; SameSite=Strict; Path=/';

/** No session yet. */
export function createSessions() {
  const people = new Map();
  const tokenOf = (request) => new RegExp(`(?:^|; )${NAME}=([0-9a-f]+)`).exec(request.headers.cookie ?? '')?.[1];
  return {
    /** Headers that log the person in. */
    open(person) {
      const token = randomBytes(32).toString('hex');
      people.set(token, person);
      return { 'set-cookie': `${NAME}=${token}; ${ATTRIBUTES}` };
    },

    /** The person behind a request, or null. */
    personOf: (request) => people.get(tokenOf(request)) ?? null,

    /** Headers that log the request's person out. */
    close(request) {
      people.delete(tokenOf(request));
      return { 'set-cookie': `${NAME}=; Max-Age=0; ${ATTRIBUTES}` };
    },
  };
}
