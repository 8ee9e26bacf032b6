// Requests about accounts and login.
import { ACCOUNTS_PATH, SESSION_PATH, credentialsProblem } from '../shared/login-rules.js';
import { readJson, sendJson } from './json.js';

/** Routes by `METHOD path`. */
export function loginRoutes(accounts, sessions) {
  return {
    [`POST ${ACCOUNTS_PATH}`]: async (request, response) => {
      const credentials = await readJson(request);
      const problem = credentialsProblem(credentials);
      if (problem !== null) return sendJson(response, 400, { error: problem });
      const person = await accounts.add(credentials);
      if (person === null) return sendJson(response, 409, { error: 'There is an account with this email already.' });
      return sendJson(response, 201, person, sessions.open(person));
    },

    [`POST ${SESSION_PATH}`]: async (request, response) => {
      const person = await accounts.find(await readJson(request));
      if (person === null) return sendJson(response, 401, { error: 'Email or password is wrong.' });
      return sendJson(response, 200, person, sessions.open(person));
    },

    [`GET ${SESSION_PATH}`]: (request, response) => sendJson(response, 200, sessions.personOf(request)),

    [`DELETE ${SESSION_PATH}`]: (request, response) => response.writeHead(204, sessions.close(request)).end(),
  };
}
