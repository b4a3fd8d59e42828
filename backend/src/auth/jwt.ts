import jwt from "jsonwebtoken";
import { config } from "../config/env.js";

const { secret, issuer, audience, ttlSeconds } = config.jwt;

export function issueToken(userId: string): string {
  return jwt.sign({}, secret, { algorithm: "HS256", subject: userId, issuer, audience, expiresIn: ttlSeconds });
}

function subjectOf(token: string, key: string): string | undefined {
  const payload = jwt.verify(token, key, { algorithms: ["HS256"], issuer, audience });
  return typeof payload === "string" ? undefined : payload.sub;
}

/** While a key is being rotated, tokens signed with the previous one stay good until they expire. */
export function verifyToken(token: string): string | undefined {
  try {
    return subjectOf(token, secret);
  } catch (error) {
    const previous = process.env.JWT_SECRET_PREVIOUS;
    if (!previous) throw error;
    return subjectOf(token, previous);
  }
}
