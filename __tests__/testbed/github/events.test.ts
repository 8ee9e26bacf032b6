// Events about our own issues, held against GitHub's description of its webhooks.
import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { lastExample, recorded } from '../../../testbed/github/cut-payloads.mjs';
import { commentEvent, dispatchEvent, labeledEvent, pullRequestTargetEvent } from '../../../testbed/github/events.ts';
import { createOpenApiJudge } from '../../../testbed/github/openapi-judge.ts';
import { DEMO, startBed, type TestBed } from './bed.ts';

const judge = createOpenApiJudge();
let bed: TestBed;
let issueNumber: number;
beforeAll(async () => {
  bed = await startBed();
  const issue = { repository: DEMO, title: 'Add login', body: 'please', author: 'stranger' };
  issueNumber = (await bed.github.createIssue(issue)).number;
});
afterAll(() => bed.close());

async function pullNumber(): Promise<number> {
  await bed.github.seedRepository(DEMO, { 'x.txt': 'x\n' }, { branch: 'x' });
  const { body } = await bed.github.api('POST', `/repos/${DEMO}/pulls`, { title: 'X', head: 'x', base: 'main' });
  return Number(Object(body).number);
}

describe('webhook events', () => {
  test.each(Object.entries(recorded))('the recorded payload %s is the newest example', async (file, [name, action]) => {
    const url = new URL(`../../../testbed/github/payloads/${file}.json`, import.meta.url);
    expect(JSON.parse(await readFile(url, 'utf8'))).toEqual(lastExample(name, action));
  });

  test('a labelled issue names its label, its repository and who put the label on', async () => {
    const about = { repository: DEMO, issueNumber, label: 'ai-implement', sender: 'writer' };
    const { name, payload } = await labeledEvent(bed.github, about);
    expect(name).toBe('issues');
    expect(payload).toMatchObject({
      action: 'labeled',
      issue: {
        number: issueNumber,
        title: 'Add login',
        user: { login: 'stranger' },
        labels: [{ name: 'ai-implement' }],
      },
      label: { name: 'ai-implement' },
      repository: { full_name: DEMO, owner: { login: 'octo' } },
      sender: { login: 'writer', type: 'User' },
    });
    expect(judge.webhook('issues-labeled', payload)).toEqual([]);
  });

  test('a comment is sent by its author, and its issue says whether it is a pull request', async () => {
    const onIssue = await bed.github.createComment({ repository: DEMO, issueNumber, body: '/go', author: 'stranger' });
    const first = await commentEvent(bed.github, { repository: DEMO, commentId: onIssue.id });
    expect(first.payload).toMatchObject({
      comment: { body: '/go' },
      issue: { number: issueNumber },
      sender: { login: 'stranger' },
    });
    expect(first.payload['issue']).not.toHaveProperty('pull_request');
    const number = await pullNumber();
    const onPull = await bed.github.createComment({
      repository: DEMO,
      issueNumber: number,
      body: 'x',
      author: 'github-actions[bot]',
    });
    const second = await commentEvent(bed.github, { repository: DEMO, commentId: onPull.id });
    expect(second.payload).toMatchObject({
      issue: { number, pull_request: {} },
      sender: { login: 'github-actions[bot]', type: 'Bot' },
    });
    expect(judge.webhook('issue-comment-created', first.payload)).toEqual([]);
    expect(judge.webhook('issue-comment-created', second.payload)).toEqual([]);
    const about = { repository: DEMO, pullNumber: number, sender: 'stranger' };
    const target = await pullRequestTargetEvent(bed.github, about);
    expect(target).toMatchObject({
      name: 'pull_request_target',
      payload: { number, pull_request: { head: { ref: 'x' } } },
    });
    expect(judge.webhook('pull-request-opened', target.payload)).toEqual([]);
  });

  test('a dispatch carries its inputs', async () => {
    const about = { repository: DEMO, sender: 'octo', inputs: { feature: 'user login' } };
    const { payload } = await dispatchEvent(bed.github, about);
    expect(payload).toMatchObject({
      inputs: { feature: 'user login' },
      ref: 'refs/heads/main',
      sender: { login: 'octo' },
    });
    expect(judge.webhook('workflow-dispatch', payload)).toEqual([]);
  });

  test('the judge finds a field that is missing or of another type', async () => {
    const { payload } = await labeledEvent(bed.github, { repository: DEMO, issueNumber, label: 'x', sender: 'octo' });
    const titled = (title: unknown): unknown => ({ ...payload, issue: { ...Object(payload['issue']), title } });
    expect(judge.webhook('issues-labeled', titled(undefined))).not.toEqual([]);
    expect(judge.webhook('issues-labeled', titled(7))).not.toEqual([]);
  });
});
