import { readVar } from "../config/env.js";
import { redis } from "../redis/client.js";

const QUEUE_KEY = readVar("OCR_GPU_QUEUE_KEY", "filot:ocr:gpu:queue");
const SECONDS_PER_DOCUMENT = 6;

export async function enqueueGpu(documentId: string): Promise<void> {
  await redis.rpush(QUEUE_KEY, documentId);
}

/** What we tell the user while the document waits. */
export async function estimatedWaitSeconds(): Promise<number> {
  const waiting = await redis.llen(QUEUE_KEY);
  const parallel = Number.parseInt(process.env.OCR_GPU_CONCURRENCY || "2", 10);
  return Math.ceil((waiting * SECONDS_PER_DOCUMENT) / Math.max(parallel, 1));
}
