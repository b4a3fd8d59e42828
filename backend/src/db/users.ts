import { scrypt, timingSafeEqual } from "node:crypto";
import { promisify } from "node:util";
import { pool } from "./pool.js";

const derive = promisify(scrypt) as (password: string, salt: Buffer, length: number) => Promise<Buffer>;

interface UserRow {
  id: string;
  salt: Buffer;
  verifier: Buffer;
}

/** The user's id when the password fits, otherwise undefined. */
export async function checkPassword(email: string, password: string): Promise<string | undefined> {
  const query = "select id, salt, verifier from users where lower(email) = lower($1)";
  const result = await pool.query<UserRow>(query, [email]);
  const user = result.rows[0];
  if (!user) return undefined;
  const candidate = await derive(password, user.salt, user.verifier.length);
  return timingSafeEqual(candidate, user.verifier) ? user.id : undefined;
}
