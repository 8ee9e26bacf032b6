// The operations our product calls, with both clients' shapes, under the judge.
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { DEMO, demo, startBed, type TestBed } from './bed.ts';

let bed: TestBed;
beforeAll(async () => {
  bed = await startBed();
});
afterAll(() => bed.close());

describe('what the product asks of GitHub', () => {
  test('every operation answers as the OpenAPI description says', async () => {
    const octo = bed.client('tok-octo');
    const token = bed.github.mintToken({ contents: 'write', issues: 'write', 'pull-requests': 'write' }, DEMO);
    const job = bed.client(token);
    const { data: issue } = await octo.issues.create({
      ...demo,
      title: 'Add login',
      body: 'please',
      labels: ['ai-implement'],
    });
    const at = { ...demo, issue_number: issue.number };
    await octo.users.getAuthenticated();
    await octo.users.getByUsername({ username: 'writer' });
    await job.repos.get(demo);
    await job.issues.get(at);
    await octo.issues.update({ ...at, body: 'please!' });
    await octo.issues.addLabels({ ...at, labels: ['later'] });
    await octo.issues.listLabelsOnIssue(at);
    await octo.issues.removeLabel({ ...at, name: 'later' });
    await octo.issues.createLabel({ ...demo, name: 'bug', color: 'ff0000' });
    await octo.issues.listLabelsForRepo(demo);
    const { data: comment } = await job.issues.createComment({ ...at, body: 'working' });
    const on = { ...demo, comment_id: comment.id };
    await job.issues.updateComment({ ...on, body: 'done' });
    await job.issues.getComment(on);
    await job.issues.listComments(at);
    const reaction = await job.reactions.createForIssue({ ...at, content: 'eyes' });
    await job.reactions.listForIssue(at);
    await job.reactions.deleteForIssue({ ...at, reaction_id: reaction.data.id });
    await job.reactions.createForIssueComment({ ...on, content: 'rocket' });
    await job.reactions.listForIssueComment(on);
    await job.issues.deleteComment(on);
    await job.repos.getCollaboratorPermissionLevel({ ...demo, username: 'writer' });
    await job.repos.listBranches(demo);
    const { data: main } = await job.repos.getBranch({ ...demo, branch: 'main' });
    await job.git.createRef({ ...demo, ref: 'refs/heads/ai/x', sha: main.commit.sha });
    await job.git.getRef({ ...demo, ref: 'heads/ai/x' });
    await job.git.listMatchingRefs({ ...demo, ref: 'heads/ai/' });
    await job.git.updateRef({ ...demo, ref: 'heads/ai/x', sha: main.commit.sha });
    await job.git.deleteRef({ ...demo, ref: 'heads/ai/x' });
    await bed.github.seedRepository(DEMO, { 'b.txt': 'b\n' }, { branch: 'ai/issue-1' });
    const { data: pull } = await job.pulls.create({
      ...demo,
      title: 'Login',
      head: 'ai/issue-1',
      base: 'main',
      draft: true,
    });
    await job.pulls.get({ ...demo, pull_number: pull.number });
    await job.pulls.list({ ...demo, head: 'octo:ai/issue-1' });
    await job.pulls.update({ ...demo, pull_number: pull.number, title: 'Login!', state: 'closed' });
    await job.issues.get({ ...demo, issue_number: pull.number });
    await job.issues.createComment({ ...demo, issue_number: pull.number, body: 'hello' });
    expect(bed.github.problems).toEqual([]);
  });
});
