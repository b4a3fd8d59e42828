import { readVar } from "../config/env.js";
import { redis } from "../redis/client.js";

/** Small scans skip the GPU: the worker reads this list with Tesseract. */
export const CPU_QUEUE_KEY = readVar("OCR_CPU_QUEUE_KEY", "filot:ocr:cpu:queue");

export async function enqueueCpu(documentId: string): Promise<void> {
  await redis.rpush(CPU_QUEUE_KEY, documentId);
}

export async function cpuQueueDepth(): Promise<number> {
  return redis.llen(CPU_QUEUE_KEY);
}
