import { access, readdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, test } from '@jest/globals';

const pagesBelow = async (folder: string): Promise<string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.md')).map((name) => join(folder, name));
const pages = [...(await pagesBelow('.')), ...(await pagesBelow('docs')), ...(await pagesBelow('examples'))];

test.each(pages)('%s links to files and headings that are there', async (page) => {
  const text = await readFile(page, 'utf8');
  for (const [, target = ''] of text.matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)) {
    const [path = '', anchor] = target.split('#');
    const file = path === '' ? page : join(dirname(page), path);
    await access(file);
    if (anchor !== undefined) expect(anchorsOf(await readFile(file, 'utf8'))).toContain(anchor);
  }
});

function anchorsOf(text: string): string[] {
  return [...text.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}
