// What the scripted manager answers: a contract, two tasks side by side, and one on top of both.
import type { PlanReply } from '../../src/plan/plan-reply.ts';
import type { Written } from './turn.ts';

const RULES = 'src/shared/login-rules.js';

const backend: PlanReply['tasks'][number] = {
  task_id: 'TASK-001',
  title: 'Accounts, sessions and login routes',
  description: `Give the server accounts and login as ${RULES} says. Passwords as salted scrypt hashes; an unknown email and a wrong password must not be told apart, by words or by time. The session is a random token in an HttpOnly, SameSite=Strict cookie. Adding a note needs a login (401, \`{ error }\`); the list stays public. Existing tests stay as they are.`,
  assigned_to: 'backend-dev',
  dependencies: [],
  owns: ['src/backend/**', 'test/backend/**', 'README.md'],
  deliverables: ['account store', 'sessions', 'routes of the contract', 'tests', 'API table in the README'],
  acceptance: ['node --test test/backend/*.test.js'],
  estimated_turns: 32,
};

const frontend: PlanReply['tasks'][number] = {
  task_id: 'TASK-002',
  title: 'Login form and the state of the page',
  description: `Let people register, log in and log out on the page. Follow ${RULES}; check credentials before sending where the rules allow it, and show the server's own words where it refuses. Only people who are logged in see the form for notes. Keep the DOM in page.js; what can be tested stands in modules of its own.`,
  assigned_to: 'frontend-dev',
  dependencies: [],
  owns: ['src/frontend/**', 'test/frontend/**'],
  deliverables: ['login form', 'api functions', 'tests of form and api'],
  acceptance: ['node --test test/frontend/*.test.js'],
  estimated_turns: 32,
};

const quality: PlanReply['tasks'][number] = {
  task_id: 'TASK-003',
  title: "Test login through the page's own api",
  description:
    "Test both sides together: the page's api functions against the real server, with a cookie jar. Cover register, log in, log out, two people at once, a made-up cookie, and that no answer carries a password.",
  assigned_to: 'qa-tester',
  dependencies: ['TASK-001', 'TASK-002'],
  owns: ['test/login/**'],
  deliverables: ['end-to-end tests'],
  acceptance: ['npm test'],
  estimated_turns: 15,
};

/** The plan, with the contract's file as it stands in `written`. */
export function planReply(written: Written): PlanReply {
  return {
    summary:
      'People register and log in with email and password; only they can add notes, and everybody can read them.',
    kind: 'feature',
    tasks: [backend, frontend, quality],
    decisions: [
      {
        decision: 'The session is a random token in a cookie, not a JWT.',
        rationale:
          'A token that the server knows can be ended at once, and a cookie with HttpOnly is out of reach for scripts.',
        affected_agents: ['backend-dev', 'frontend-dev'],
      },
      {
        decision: 'Passwords are hashed with scrypt of node:crypto.',
        rationale: 'The project takes no dependencies, and scrypt is made for passwords.',
        affected_agents: ['backend-dev'],
      },
    ],
    contract: {
      summary: 'Paths, answers and rules of accounts and login',
      files: [{ path: RULES, content: written.text(RULES) }],
    },
  };
}
