// The agents that are there without any configuration.

interface DefaultAgent {
  readonly instructions: string;
  readonly specialties: readonly string[];
}

/** Id of the planning role. */
export const managerId = 'manager';

/** Default agents by id. A configuration changes them key by key. */
export const defaultAgents: Readonly<Record<string, DefaultAgent>> = {
  [managerId]: {
    instructions:
      'Read the request and the repository before you plan. Prefer one task; split only where the parts touch ' +
      'different files and can be built and tested apart. Give every task the commands that prove it is done.',
    specialties: ['planning', 'interfaces between parts', 'acceptance criteria'],
  },
  'backend-dev': {
    instructions:
      'Build logic, data and interfaces: libraries, servers, tools. Follow the patterns the code already has. ' +
      'Check input where it comes in, handle error paths, and write tests where the project has them.',
    specialties: ['libraries', 'APIs', 'databases', 'business logic', 'authentication', 'scripts and tools'],
  },
  'frontend-dev': {
    instructions:
      'Build what people see and use. Reuse the components and styles that are there. ' +
      'Cover loading, empty and error states, and make it work with the keyboard and on a small screen.',
    specialties: ['user interface', 'components', 'client state', 'accessibility', 'styling'],
  },
  'qa-tester': {
    instructions:
      'Write tests that fail when the behaviour is wrong: edge cases, error paths and the parts working together. ' +
      'Test behaviour and not implementation. Report a defect plainly; never weaken or skip a test to make it pass.',
    specialties: ['test design', 'integration tests', 'edge cases', 'regression tests'],
  },
};
