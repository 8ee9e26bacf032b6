// Opens reports in a real Chromium: nothing may fail, nothing may run that is not ours, nothing may be cut off.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import type { JournalEntry } from '../../src/events.ts';
import { renderReport } from '../../src/report/render-report.ts';
import { sampleJournal } from '../support/journal-sample.ts';
import {
  breakIn,
  findCutOff,
  findForeign,
  findLowContrast,
  openAllFolds,
  scrollsSideways,
  targetText,
} from './in-page.ts';

const folder = mkdtempSync(join(tmpdir(), 'report-'));
let browser: Browser | undefined;

const executablePath = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// CI installs it; a newcomer's machine may lack it, and the tests of everything else are to pass there all the same.
const isThere = existsSync(executablePath) || process.env['CI'] !== undefined;
const inChromium = isThere ? describe : describe.skip;
if (!isThere)
  process.stderr.write(`There is no Chromium at ${executablePath} (or name it in CHROMIUM): its tests are skipped.\n`);

beforeAll(async () => {
  if (!isThere) return;
  browser = await chromium.launch({
    executablePath,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
});

afterAll(async () => {
  await browser?.close();
  rmSync(folder, { recursive: true });
});

interface Opened {
  readonly page: Page;
  /** Requests besides the page itself, and whatever the browser complains of. */
  readonly trouble: string[];
}

async function open(
  entries: readonly JournalEntry[],
  width = 1200,
  colorScheme: 'light' | 'dark' = 'light',
): Promise<Opened> {
  const file = join(folder, 'report.html');
  writeFileSync(file, renderReport(entries));
  if (browser === undefined) throw new Error('the browser was not started');
  const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme });
  const trouble: string[] = [];
  const address = pathToFileURL(file).href;
  page.on('request', (request) => request.url() !== address && trouble.push(`request: ${request.url()}`));
  page.on('requestfailed', (request) => trouble.push(`failed: ${request.url()}`));
  page.on('pageerror', (error) => trouble.push(`error: ${error.message}`));
  page.on('console', (message) => trouble.push(`console: ${message.text()}`));
  page.on('dialog', (dialog) => trouble.push(`dialog: ${dialog.message()}`));
  await page.goto(address);
  return { page, trouble };
}

inChromium('the page', () => {
  test.each([
    [1200, 'light'],
    [390, 'light'],
    [390, 'dark'],
  ] as const)('at %d pixels, %s: loads nothing, complains of nothing, is cut off nowhere', async (width, scheme) => {
    const { page, trouble } = await open(sampleJournal(), width, scheme);
    await page.evaluate(openAllFolds);
    expect(await page.evaluate(findCutOff)).toEqual([]);
    expect(await page.evaluate(scrollsSideways)).toBe(false);
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('long words, paths and commands do not widen it on a phone', async () => {
    const { page } = await open(sampleJournal({ foreignText: `${'w'.repeat(300)} ${'path/'.repeat(60)}` }), 390);
    await page.evaluate(openAllFolds);
    expect(await page.evaluate(findCutOff)).toEqual([]);
    await page.close();
  });

  test('folds open by keyboard, and all at once by the button', async () => {
    const { page } = await open(sampleJournal());
    const transcript = page.locator('#task-TASK-001 .transcript');
    const told = transcript.getByText('You own src/server/**.');
    expect(await told.isVisible()).toBe(false);
    await transcript.locator('> summary').focus();
    await page.keyboard.press('Enter');
    await transcript.locator('[data-open]').click();
    expect(await told.isVisible()).toBe(true);
    expect(await transcript.locator('details:not([open])').count()).toBe(0);
    await transcript.locator('[data-close]').click();
    expect(await told.isVisible()).toBe(false);
    await page.close();
  });

  test('a box of the graph leads to its task', async () => {
    const { page } = await open(sampleJournal());
    await page.locator('.graph a').nth(2).focus();
    await page.keyboard.press('Enter');
    expect(await page.evaluate(targetText)).toContain('Tests of the whole way');
    await page.close();
  });

  test.each(['light', 'dark'] as const)('words stand out from what is behind them, %s', async (scheme) => {
    const { page } = await open(sampleJournal(), 1200, scheme);
    await page.evaluate(openAllFolds);
    expect(await page.evaluate(findLowContrast)).toEqual([]);
    await page.close();
  });
});

inChromium('hostile text', () => {
  const foreignText = `</script></style></title></pre><script>alert(1)</script><img src=x onerror="alert(2)"><svg onload=alert(3)>
    <a href="javascript:alert(4)">x</a> [y](javascript:alert(5)) "' onmouseover='alert(6)' <!-- <iframe src="https://evil.example"> \${7*7}`;

  test('stays text wherever it stands', async () => {
    const { page, trouble } = await open(sampleJournal({ foreignText, url: 'javascript:alert(8)' }));
    await page.evaluate(openAllFolds);
    expect(await page.evaluate(findForeign)).toEqual({ foreign: 0, scripts: 1, styles: 1, handlers: 0, links: [] });
    expect(await page.locator('h1').textContent()).toContain('<script>alert(1)</script><img src=x onerror="alert(2)">');
    expect(trouble).toEqual([]);
    await page.close();
  });

  test('would not run even if it were not escaped', async () => {
    const { page, trouble } = await open(sampleJournal());
    await page.evaluate(breakIn);
    expect(await page.title()).toBe('Let customers reset a forgotten password · ai-implement');
    expect(
      trouble.filter((line) => line.startsWith('console: ')).every((line) => line.includes('Content Security Policy')),
    ).toBe(true);
    expect(trouble.length).toBeGreaterThan(1);
    await page.close();
  });
});
