// Reads `[{ path, content }]` from stdin and writes GitHub's own findings as `{ [path]: string[] }`. A process of its own:
// the packages import JSON without an attribute, which node refuses without the loader hook below.
import { register } from 'node:module';
import { text } from 'node:stream/consumers';
import { TextDocument } from 'vscode-languageserver-textdocument';

const hook = `
  import { readFile } from 'node:fs/promises';
  export async function load(url, context, next) {
    if (!url.includes('/@actions/') || !url.endsWith('.json')) return next(url, context);
    return { format: 'module', shortCircuit: true, source: 'export default ' + (await readFile(new URL(url), 'utf8')) };
  }`;
register(`data:text/javascript,${encodeURIComponent(hook)}`);
const { validate } = await import('@actions/languageservice');

const findings = {};
for (const { path, content } of JSON.parse(await text(process.stdin))) {
  const document = TextDocument.create(`file:///repository/${path}`, 'yaml', 1, content);
  const diagnostics = await validate(document);
  findings[path] = diagnostics.map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}
process.stdout.write(JSON.stringify(findings));
