// Users as lists and nested objects show them.
import { field, fieldsOf } from './calls.ts';

const PROFILE = ['name', 'company', 'blog', 'location', 'email', 'hireable', 'bio', 'twitter_username'].concat([
  'public_repos',
  'public_gists',
  'followers',
  'following',
  'created_at',
  'updated_at',
]);

/** A user without the profile; null for anything that is no user. */
export function simpleUser(user: unknown): Readonly<Record<string, unknown>> | null {
  if (field(user, 'login') === undefined) return null;
  return Object.fromEntries(Object.entries(fieldsOf(user)).filter(([key]) => !PROFILE.includes(key)));
}
