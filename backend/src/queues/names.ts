import { readVar } from "../config/env.js";

/** BullMQ queue names. Raw Redis lists have their keys in gpuQueue.ts and cpuQueue.ts. */
export const QueueName = {
  Notifications: "notifications",
  Retention: "kyc-retention",
} as const;

export const QUEUE_PREFIX = readVar("QUEUE_PREFIX", "filot");
