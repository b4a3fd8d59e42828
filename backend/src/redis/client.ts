import { readFileSync } from "node:fs";
import { Redis, type RedisOptions } from "ioredis";
import { readInt, readVar } from "../config/env.js";
import { logger } from "../logger.js";

function options(): RedisOptions {
  const caFile = process.env.REDIS_CA_FILE;
  return {
    connectTimeout: readInt("REDIS_CONNECT_TIMEOUT_MS", "5000"),
    retryStrategy: (attempt) => Math.min(attempt * 200, 5_000),
    ...(caFile ? { tls: { ca: readFileSync(caFile) } } : {}),
  };
}

function connect(purpose: string, extra: RedisOptions = {}): Redis {
  const client = new Redis(readVar("REDIS_URL"), { ...options(), ...extra });
  client.on("error", (error: Error) => logger.error({ purpose, reason: error.message }, "redis error"));
  return client;
}

/** Commands from request handlers. */
export const redis = connect("commands");

/** BullMQ workers block on Redis and must not give up on a request. */
export const blockingRedis = connect("bullmq", { maxRetriesPerRequest: null });

export async function closeRedis(): Promise<void> {
  await Promise.all([redis.quit(), blockingRedis.quit()]);
}
