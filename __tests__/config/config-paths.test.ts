import { describe, expect, test } from '@jest/globals';
import { agentFilePaths, configFilePath, contextPaths } from '../../src/config/config-paths.ts';
import { readAgentFile } from '../../src/config/read-agent-file.ts';

const both = ['orchestrator-config.json', '.ai-agents/orchestrator-config.json'];

describe('the configuration file', () => {
  test.each(both)('is found at %s', (path) => {
    expect(configFilePath(['src/a.ts', path])).toBe(path);
  });

  test('need not be there', () => {
    expect(configFilePath(['src/orchestrator-config.json'])).toBeNull();
  });

  test('at both places is an error that says which to keep', () => {
    expect(() => configFilePath(both)).toThrow('keep orchestrator-config.json');
  });

  test('that an input names must exist, and then the usual places do not count', () => {
    expect(configFilePath([...both, 'ci/agents.json'], './ci/agents.json')).toBe('ci/agents.json');
    expect(() => configFilePath(both, 'ci/agents.json')).toThrow('"ci/agents.json"');
  });
});

test('agent and context files are those of their own folders, root instructions first', () => {
  const paths = [
    '.ai-agents/context/b.md',
    '.ai-agents/context/deep/c.md',
    '.ai-agents/agents/data.md',
    'docs/AGENTS.md',
    'CLAUDE.md',
    '.ai-agents/context/a.md',
    'AGENTS.md',
  ];
  expect(agentFilePaths(paths)).toEqual(['.ai-agents/agents/data.md']);
  expect(contextPaths(paths)).toEqual(['AGENTS.md', 'CLAUDE.md', '.ai-agents/context/a.md', '.ai-agents/context/b.md']);
});

describe('an agent file', () => {
  const problems = (text: string, name = 'data') =>
    readAgentFile({ path: `.ai-agents/agents/${name}.md`, text }).problems;

  test('without front matter is all instructions, and a rule further down stays one', () => {
    const { entry } = readAgentFile({ path: '.ai-agents/agents/data.md', text: 'Build.\n\n---\nmodel: x\n---\n' });
    expect(entry).toEqual({ instructions: 'Build.\n\n---\nmodel: x\n---' });
  });

  test.each([
    ['---\nmodel: [\n---\nBuild.', '.ai-agents/agents/data.md:'],
    ['---\nmodell: x\n---\nBuild.', 'modell: unknown key; did you mean "model"?'],
    ['---\nmodel: x\n---\n', 'the instructions (the text below the front matter) are missing'],
    ['---\n- a\n---\nBuild.', 'front matter: found ["a"]'],
    ['---\nmodel: &a x\nspecialties: [*a]\n---\nBuild.', 'YAML aliases'],
  ])('like %j is refused', (text, message) => {
    expect(problems(text).join('\n')).toContain(message);
  });

  test('has a name that can be part of a branch', () => {
    expect(problems('Build.', 'Data Engineer')[0]).toContain('"Data Engineer" is not an agent id');
  });
});
