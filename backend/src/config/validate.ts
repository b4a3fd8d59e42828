import { logger } from "../logger.js";

const REQUIRED = [
  "DATABASE_URL",
  "REDIS_URL",
  "CORS_ORIGINS",
  "CF_R2_ACCESS_KEY_ID",
  "CF_R2_SECRET_ACCESS_KEY",
  "CF_R2_BUCKET",
  "TEMPORAL_ADDRESS",
  "TEMPORAL_API_KEY",
  "METRICS_AUTH_TOKEN",
] as const;

/** Values that have turned up in copied .env files and must never reach production. */
const INSECURE_VALUES: Record<string, readonly string[]> = {
  JWT_SECRET: ["secret", "changeme", "jwt-secret"],
  METRICS_AUTH_TOKEN: ["metrics", "token", "changeme"],
};

export function findProblems(): string[] {
  const problems: string[] = [];
  for (const name of REQUIRED) {
    if (!process.env[name]?.trim()) problems.push(`${name} is not set`);
  }
  for (const [name, forbidden] of Object.entries(INSECURE_VALUES)) {
    const value = process.env[name];
    if (value && forbidden.includes(value)) problems.push(`${name} holds a well-known value`);
  }
  return problems;
}

/** Called once, before anything connects. Refuses to start in production; elsewhere it only complains. */
export function validateEnvironment(): void {
  const problems = findProblems();
  if (problems.length === 0) return;
  if (process.env.NODE_ENV === "production") {
    throw new Error(`Refusing to start: ${problems.join("; ")}`);
  }
  logger.warn({ problems }, "environment is incomplete; fine for development");
}
