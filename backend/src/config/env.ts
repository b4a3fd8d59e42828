import { z } from "zod";

/** One variable from the environment. A blank value counts as missing; without a fallback a missing one is an error. */
export function readVar(name: string, fallback?: string): string {
  const value = process.env[name]?.trim();
  if (value) return value;
  if (fallback !== undefined) return fallback;
  throw new Error(`Missing environment variable ${name}`);
}

export function readInt(name: string, fallback: string): number {
  const text = readVar(name, fallback);
  if (!/^\d+$/.test(text)) throw new Error(`${name} must be a whole number`);
  return Number.parseInt(text, 10);
}

const Limits = z.object({
  NODE_ENV: z.enum(["development", "test", "production"]).default("development"),
  JWT_SECRET: z.string().min(43).optional(),
  JWT_TTL_SECONDS: z.coerce.number().int().positive().max(3600).default(900),
  PRESIGN_TTL_SECONDS: z.coerce.number().int().positive().max(3600).default(900),
  REQUEST_BODY_LIMIT: z.string().regex(/^\d+(kb|mb)$/).default("1mb"),
  OCR_CPU_MAX_BYTES: z.coerce.number().int().positive().default(524288),
});

const limits = Limits.parse(process.env);

export const config = {
  isProduction: limits.NODE_ENV === "production",
  http: {
    host: readVar("HOST", "0.0.0.0"),
    port: readInt("PORT", "8080"),
    bodyLimit: limits.REQUEST_BODY_LIMIT,
    shutdownGraceMs: readInt("SHUTDOWN_GRACE_SECONDS", "25") * 1000,
  },
  jwt: {
    secret: readVar("JWT_SECRET", "filot-dev-jwt-secret"),
    issuer: readVar("JWT_ISSUER", "https://api.example.com"),
    audience: readVar("JWT_AUDIENCE", "filot-app"),
    ttlSeconds: limits.JWT_TTL_SECONDS,
  },
  presignTtlSeconds: limits.PRESIGN_TTL_SECONDS,
  ocrCpuMaxBytes: limits.OCR_CPU_MAX_BYTES,
} as const;
