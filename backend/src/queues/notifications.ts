import { Queue } from "bullmq";
import { redis } from "../redis/client.js";
import { QUEUE_PREFIX, QueueName } from "./names.js";

export interface Notification {
  userId: string;
  email: string;
  template: "document-approved" | "document-rejected" | "document-in-review";
  documentId: string;
}

const queue = new Queue<Notification>(QueueName.Notifications, {
  connection: redis,
  prefix: QUEUE_PREFIX,
  defaultJobOptions: { attempts: 5, backoff: { type: "exponential", delay: 2_000 }, removeOnComplete: 1_000 },
});

export async function notify(notification: Notification): Promise<void> {
  await queue.add(notification.template, notification, {
    jobId: `${notification.documentId}-${notification.template}`,
  });
}
