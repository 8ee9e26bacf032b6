// A model that cannot be used at all ends the run with the user's error, before anything is half-done.
import type { Config } from './config/config.ts';
import { modelFailure } from './model-failure.ts';
import type { Model } from './ports.ts';

/**
 * The model, until whose first reply a failure is thrown as an error of the catalogue; later ones are the task's to bear.
 * An overload is not, where a role that uses the model has another to fall back on.
 */
export function refuseUnusableModel(model: Model, config: Config): Model {
  let answered = false;
  const hasFallback = (name: string): boolean =>
    config.roles.some((role) => role.model === name && role.fallbackModel !== null);
  return {
    ...model,
    async send(request, signal) {
      const reply = await model.send(request, signal);
      if (reply.kind === 'reply') answered = true;
      else if (!answered && reply.reason !== 'aborted') {
        if (reply.reason !== 'overloaded' || !hasFallback(request.model)) throw modelFailure(reply, request.model);
      }
      return reply;
    },
  };
}
