// The scripted qa-tester: it starts from both sides, merged.
import type { ScriptedMessage } from '../../testbed/model/script.ts';
import { bash, finish, read, turn, type Written } from './turn.ts';

/** Its turns. */
export function qualityTurns({ write }: Written): readonly ScriptedMessage[] {
  return [
    turn(
      'Both sides are here. What is tested already, and how do tests start the app?',
      read(
        'test/support/start-app.js',
        'test/backend/login.test.js',
        'src/frontend/api.js',
        'src/backend/login-routes.js',
      ),
    ),
    turn(
      "Each side is tested alone. I test them together: the page's own api against the real server.",
      write('test/login/login-journey.test.js'),
      bash('node --test test/login/*.test.js'),
    ),
    turn(
      'They pass. Would they notice a cookie that scripts can read? I break it, look, and put it back.',
      bash(BREAK),
    ),
    turn('They noticed. All tests together.', bash('npm test')),
    turn(
      'All pass.',
      finish('End-to-end tests of register, log in, log out, two people and a made-up cookie.', ['npm test']),
    ),
  ];
}

/** Exits 0 when the tests fail on broken code, and leaves the file as it was. */
const BREAK = `cp src/backend/sessions.js "$TMPDIR/sessions.js"
sed -i.bak 's/HttpOnly; //' src/backend/sessions.js && rm src/backend/sessions.js.bak
if node --test test/login/*.test.js > "$TMPDIR/out.txt"; then found=1; else found=0; fi
cp "$TMPDIR/sessions.js" src/backend/sessions.js
grep -E '^not ok|✖' "$TMPDIR/out.txt"
exit $found`;
