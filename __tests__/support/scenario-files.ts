// The small project that the scenarios run on: one module, one test, no dependencies.

const manifest = { name: 'greeter', private: true, type: 'module', scripts: { test: 'node --test' } };

/** `src/greet.js` with its test; `npm test` passes in a fraction of a second. */
export const sampleFiles: Readonly<Record<string, string>> = {
  'package.json': `${JSON.stringify(manifest, null, 2)}\n`,
  'README.md': '# Greeter\n\nGreets people.\n',
  'src/greet.js': 'export const greet = (name) => `Hello, ${name}!`;\n',
  'test/greet.test.js': `import assert from 'node:assert/strict';
import test from 'node:test';
import { greet } from '../src/greet.js';

test('greets by name', () => assert.equal(greet('Ada'), 'Hello, Ada!'));
`,
};

/** A module of one function and its test, as files by path: `src/<name>.js` and `test/<name>.test.js`. */
export const moduleFiles = (name: string, answer = name): Readonly<Record<string, string>> => ({
  [`src/${name}.js`]: `export const ${name} = () => '${answer}';\n`,
  [`test/${name}.test.js`]: `import assert from 'node:assert/strict';
import test from 'node:test';
import { ${name} } from '../src/${name}.js';

test('says ${name}', () => assert.equal(${name}(), '${name}'));
`,
});
