// The scripted backend-dev. It closes too much at first, and an existing test finds that out.
import type { ScriptedMessage } from '../../testbed/model/script.ts';
import { bash, edit, finish, read, search, turn, type Written } from './turn.ts';

const OWN_TEST = 'node --test test/backend/login.test.js';
const ALL_TESTS = 'node --test test/backend/*.test.js';

/** Its turns; the second `finish` answers a hand-back. */
export function backendTurns({ write }: Written): readonly ScriptedMessage[] {
  return [
    turn(
      'First the server as it is, and the contract.',
      read('src/backend/app.js', 'src/backend/json.js', 'src/shared/login-rules.js', 'README.md'),
      search('createApp'),
    ),
    turn(
      'createApp is used by the server and by the tests, so its arguments stay. Stores first: passwords, accounts, sessions.',
      write('src/backend/passwords.js'),
      write('src/backend/accounts.js'),
      write('src/backend/sessions.js'),
    ),
    turn(
      'Now the routes, and the guard for notes.',
      write('src/backend/login-routes.js'),
      edit(
        'src/backend/app.js',
        [
          "import { readJson, sendJson } from './json.js';\n",
          "import { createAccounts } from './accounts.js';\nimport { readJson, sendJson } from './json.js';\nimport { loginRoutes } from './login-routes.js';\n",
        ],
        [
          "import { sendPage } from './pages.js';\n",
          "import { sendPage } from './pages.js';\nimport { createSessions } from './sessions.js';\n",
        ],
        [
          '  const routes = {\n',
          '  const sessions = createSessions();\n  const routes = {\n    ...loginRoutes(createAccounts(), sessions),\n',
        ],
        [
          '    const route = routes[`${request.method} ${pathname}`];\n',
          "    if (pathname === NOTES_PATH && sessions.personOf(request) === null) {\n      return sendJson(response, 401, { error: 'Please log in first.' });\n    }\n    const route = routes[`${request.method} ${pathname}`];\n",
        ],
      ),
    ),
    turn('Tests for it, and a first run.', write('test/backend/login.test.js'), bash(OWN_TEST)),
    turn(
      'They pass. The README gets the new requests.',
      edit('README.md', [
        '| `POST /api/notes` | `{ text }` | 201, the note; 400 if empty  |\n',
        `| \`POST /api/notes\` | \`{ text }\` | 201, the note; 400 if empty  |

Adding a note needs a login (401 else). Accounts and sessions are kept in memory, passwords as salted scrypt hashes.

| Request               | Body                  | Answer                                          |
| --------------------- | --------------------- | ----------------------------------------------- |
| \`POST /api/accounts\`  | \`{ email, password }\` | 201, the person, logged in; 409 if there is one |
| \`POST /api/session\`   | \`{ email, password }\` | 200, the person, logged in; 401 if wrong        |
| \`GET /api/session\`    |                       | 200, the person or null                         |
| \`DELETE /api/session\` |                       | 204, logged out                                 |
`,
      ]),
    ),
    turn(
      'Done: everything works.',
      finish('Accounts, sessions and login routes; adding notes needs a login. All tests pass.', [OWN_TEST]),
    ),
    turn(
      'The existing test is right: I asked for a login for reading too, and had only run my own tests. Only what changes notes needs one.',
      edit('src/backend/app.js', [
        'pathname === NOTES_PATH && sessions',
        "pathname === NOTES_PATH && request.method !== 'GET' && sessions",
      ]),
      bash(ALL_TESTS),
    ),
    turn(
      'Now all tests of the server pass.',
      finish(
        'Accounts, sessions and login routes. Adding a note needs a login, reading does not.',
        [OWN_TEST, ALL_TESTS],
        'Refusals say "Please log in first." (401). Emails are compared without regard to case.',
      ),
    ),
  ];
}
