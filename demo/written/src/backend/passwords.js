// Passwords are kept as salted scrypt hashes, never as they are.
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

const HASH_BYTES = 64;
const derive = promisify(scrypt);

/** `salt:hash`, both in hex; another one each time. */
export async function hashPassword(password) {
  const salt = randomBytes(16);
  return `${salt.toString('hex')}:${(await derive(password, salt, HASH_BYTES)).toString('hex')}`;
}

/** Whether the password is the one that was hashed; takes as long for a wrong one. */
export async function isPassword(password, stored) {
  const [salt, hash] = stored.split(':').map((part) => Buffer.from(part, 'hex'));
  return timingSafeEqual(await derive(password, salt, HASH_BYTES), hash);
}
