import { describe, expect, test } from '@jest/globals';
import { parsePlanReply, planReplyJsonSchema } from '../../src/plan/plan-reply.ts';
import { planReply, replyTask } from '../support/spine.ts';

const whole = planReply([replyTask(1)]);

describe('the reply of the manager', () => {
  test('is taken with a fence around it and without', () => {
    const json = JSON.stringify(whole, null, 2);
    for (const said of [json, `\`\`\`json\n${json}\n\`\`\``, `\n\`\`\`\n${json}\n\`\`\`\n`])
      expect(parsePlanReply(said)).toEqual({ ok: true, reply: whole });
  });

  test('may have a sentence around it, where a provider knows no schemas', () => {
    const json = JSON.stringify(whole);
    for (const said of [`Here is the plan: ${json}\nGood luck.`, `Here it is:\n\`\`\`json\n${json}\n\`\`\`\nDone.`])
      expect(parsePlanReply(said)).toEqual({ ok: true, reply: whole });
  });

  test('is not asked for what stands elsewhere, and is taken with it', () => {
    expect(JSON.stringify(planReplyJsonSchema())).not.toContain('deliverables');
    const { deliverables, ...asked } = replyTask(1);
    const parsed = parsePlanReply(JSON.stringify({ ...whole, tasks: [asked] }));
    expect(deliverables).toEqual(['part 1']);
    expect(parsed.ok && parsed.reply.tasks[0]?.deliverables).toEqual([]);
  });

  test('that is no JSON is said to be none', () => {
    expect(parsePlanReply('{"summary": ')).toEqual({
      ok: false,
      faults: [expect.stringMatching(/^The reply is not JSON: /)],
    });
  });

  test('of another shape has every fault named by its path', () => {
    const said = {
      ...whole,
      summary: undefined,
      kind: 'magic',
      tasks: [{ ...replyTask(1), owns: 'src/**' }],
      extra: 1,
    };
    const parsed = parsePlanReply(JSON.stringify(said));
    const faults = parsed.ok ? [] : parsed.faults;
    expect(faults).toHaveLength(4);
    for (const start of ['summary: ', 'kind: ', 'tasks.0.owns: ', 'reply: ']) {
      expect(faults).toContainEqual(expect.stringMatching(new RegExp(`^${start}`)));
    }
  });

  test('may name folders as people do, and paths from here', () => {
    const parsed = parsePlanReply(
      JSON.stringify(planReply([replyTask(1, { owns: ['./src/auth/', ' test/*.ts ', 'docs'] })])),
    );
    expect(parsed.ok && parsed.reply.tasks[0]?.owns).toEqual(['src/auth/**', 'test/*.ts', 'docs', 'docs/**']);
  });
});
