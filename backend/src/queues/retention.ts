import { Queue } from "bullmq";
import { redis } from "../redis/client.js";
import { QUEUE_PREFIX, QueueName } from "./names.js";

const KEEP_DAYS = 90;

const queue = new Queue<{ documentId: string; storageKey: string }>(QueueName.Retention, {
  connection: redis,
  prefix: QUEUE_PREFIX,
});

/** Identity documents are deleted after the retention period. */
export async function scheduleDeletion(documentId: string, storageKey: string): Promise<void> {
  await queue.add(
    "delete-document",
    { documentId, storageKey },
    { delay: KEEP_DAYS * 24 * 3600 * 1000, jobId: `retention-${documentId}` },
  );
}
