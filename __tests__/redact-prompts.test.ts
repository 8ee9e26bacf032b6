import { expect, test } from '@jest/globals';
import type { Message } from '../src/messages.ts';
import type { Model, ModelRequest } from '../src/ports.ts';
import { redactPrompts } from '../src/redact-prompts.ts';
import { createSecretFinder } from '../src/secrets/secret-finder.ts';

const token = `ghp_${'a1B2c3D4'.repeat(5)}`;
const { redact } = createSecretFinder({ secrets: [] });

function recorder() {
  const sent: ModelRequest[] = [];
  const keep = (request: ModelRequest) => void sent.push(request);
  const model: Model = {
    send: (request) => {
      keep(request);
      return Promise.reject(new Error('no answer'));
    },
    countTokens: (request) => {
      keep(request);
      return Promise.resolve(1);
    },
  };
  return { sent, model: redactPrompts(model, redact) };
}

const request = (...messages: Message[]): ModelRequest => ({
  ...{ model: 'm', maxTokens: 1, system: '', tools: [], toolChoice: 'auto', outputSchema: null },
  ...{ messages, sharedPrefixMessages: 0, effort: 'low' },
});

const user = (...content: Message['content']): Message => ({ role: 'user', content });

test('texts, tool results and tool inputs go to the model without secrets, and so they are counted', async () => {
  const { sent, model } = recorder();
  const asked = request(
    user({ type: 'text', text: `a ${token} b` }),
    { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'bash', input: { command: ['echo', token] } }] },
    user({ type: 'tool_result', toolUseId: 't', content: `${token}\n`, isError: false }),
  );
  await model.send(asked).catch(() => undefined);
  await model.countTokens?.(asked);
  expect(sent).toHaveLength(2);
  for (const { messages } of sent) {
    expect(messages).toEqual([
      user({ type: 'text', text: 'a *** b' }),
      {
        role: 'assistant',
        content: [{ type: 'tool_use', id: 't', name: 'bash', input: { command: ['echo', '***'] } }],
      },
      user({ type: 'tool_result', toolUseId: 't', content: '***\n', isError: false }),
    ]);
  }
});

test('a message without a secret stays the same object, and one with a secret is written anew once', async () => {
  const { sent, model } = recorder();
  const [clean, foul] = [user({ type: 'text', text: 'a' }), user({ type: 'text', text: token })];
  for (let i = 0; i < 2; i++) await model.send(request(clean, foul)).catch(() => undefined);
  expect(sent[0]?.messages[0]).toBe(clean);
  expect(sent[1]?.messages[1]).toBe(sent[0]?.messages[1]);
});

test('thinking is carried back as it came, since a changed one would be refused', async () => {
  const { sent, model } = recorder();
  const raw = { type: 'thinking', thinking: token, signature: token };
  await model.send(request({ role: 'assistant', content: [{ type: 'opaque', raw }] })).catch(() => undefined);
  expect(sent[0]?.messages[0]?.content[0]).toEqual({ type: 'opaque', raw });
});
