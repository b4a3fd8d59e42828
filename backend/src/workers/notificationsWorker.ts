import { Worker } from "bullmq";
import { readInt } from "../config/env.js";
import { logger } from "../logger.js";
import { sendMail } from "../notify/mailer.js";
import { QUEUE_PREFIX, QueueName } from "../queues/names.js";
import type { Notification } from "../queues/notifications.js";
import { blockingRedis } from "../redis/client.js";

export function startNotificationsWorker(): Worker<Notification> {
  const worker = new Worker<Notification>(
    QueueName.Notifications,
    async (job) => {
      await sendMail({ to: job.data.email, template: job.data.template, reference: job.data.documentId });
    },
    {
      connection: blockingRedis,
      prefix: QUEUE_PREFIX,
      concurrency: readInt("NOTIFICATIONS_CONCURRENCY", "5"),
    },
  );
  worker.on("failed", (job, error) => {
    logger.error({ job: job?.id, reason: error.message }, "notification failed");
  });
  return worker;
}
