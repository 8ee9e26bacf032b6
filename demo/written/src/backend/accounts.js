// Accounts, kept in memory: email and password hash.
import { hashPassword, isPassword } from './passwords.js';

const keyOf = (email) => email.trim().toLowerCase();

/** An empty store. Emails are compared without regard to case. */
export function createAccounts() {
  const hashes = new Map();
  const decoy = hashPassword('nobody has this one');
  return {
    /** The new person; null when the email is taken. */
    async add({ email, password }) {
      const key = keyOf(email);
      const hash = await hashPassword(password);
      if (hashes.has(key)) return null;
      hashes.set(key, hash);
      return { email: key };
    },

    /** The person with these credentials, or null. An unknown email takes as long as a wrong password. */
    async find({ email, password }) {
      const key = keyOf(String(email));
      const known = await isPassword(String(password), hashes.get(key) ?? (await decoy));
      return known && hashes.has(key) ? { email: key } : null;
    },
  };
}
