// The scripted frontend-dev.
import type { ScriptedMessage } from '../../testbed/model/script.ts';
import { bash, edit, finish, read, turn, type Written } from './turn.ts';

const TESTS = 'node --test test/frontend/*.test.js';

/** Its turns. */
export function frontendTurns({ write }: Written): readonly ScriptedMessage[] {
  return [
    turn(
      'First the page as it is, and the contract.',
      read('src/frontend/page.js', 'src/frontend/api.js', 'src/frontend/index.html', 'src/shared/login-rules.js'),
      read('test/frontend/notes-html.test.js'),
    ),
    turn(
      'What the form shows and checks goes into a module without DOM; the server becomes four more functions.',
      write('src/frontend/login-form.js'),
      edit(
        'src/frontend/api.js',
        [
          "import { NOTES_PATH } from '../shared/note-rules.js';\n",
          "import { ACCOUNTS_PATH, SESSION_PATH } from '../shared/login-rules.js';\nimport { NOTES_PATH } from '../shared/note-rules.js';\n",
        ],
        [
          "    addNote: (text) => ask('POST', NOTES_PATH, { text }),\n",
          "    addNote: (text) => ask('POST', NOTES_PATH, { text }),\n    register: (credentials) => ask('POST', ACCOUNTS_PATH, credentials),\n    logIn: (credentials) => ask('POST', SESSION_PATH, credentials),\n    logOut: () => ask('DELETE', SESSION_PATH),\n    /** The person who is logged in, or null. */\n    whoAmI: () => ask('GET', SESSION_PATH),\n",
        ],
      ),
    ),
    turn('Tests for both, before the page uses them.', write('test/frontend/login-form.test.js'), bash(TESTS)),
    turn(
      'They pass. Now the page: labels for every field, so that screen readers and password managers know them.',
      edit('src/frontend/index.html', [
        '      <form id="add-note">\n',
        `      <p id="greeting"></p>
      <button id="log-out" hidden>Log out</button>
      <form id="login" hidden>
        <label for="email">Email</label>
        <input id="email" type="email" autocomplete="username" required />
        <label for="password">Password</label>
        <input id="password" type="password" autocomplete="current-password" required />
        <button>Log in</button>
        <button value="register">Register</button>
      </form>
      <form id="add-note" hidden>
`,
      ]),
      write('src/frontend/page.js'),
    ),
    turn(
      'A last look: the page must load as a module, and all tests of this side must pass.',
      bash(`node --check src/frontend/page.js && ${TESTS}`),
    ),
    turn(
      'All as it should be.',
      finish(
        'Login form with register and log out; the form for notes is shown to people who are logged in.',
        [TESTS],
        'createApi(send) takes any fetch; register, logIn, logOut and whoAmI follow the contract.',
      ),
    ),
  ];
}
