// A repository as the API shows it.
import { fieldsOf, forward, type Handler } from './calls.ts';

/** The emulator leaves out two counts that GitHub's description requires. */
export const getRepository: Handler = async (call, bed) => {
  const answer = await forward(call, bed);
  if (answer.status !== 200) return answer;
  return { ...answer, body: { ...fieldsOf(answer.body), network_count: 0, subscribers_count: 0 } };
};
