import { timingSafeEqual } from "node:crypto";
import { Router } from "express";
import { readVar } from "./config/env.js";
import { unauthorized } from "./errors.js";
import { cpuQueueDepth } from "./queues/cpuQueue.js";
import { redis } from "./redis/client.js";

const GPU_QUEUE = "filot:ocr:gpu:queue";
const token = Buffer.from(readVar("METRICS_AUTH_TOKEN"));

function allowed(header: string | undefined): boolean {
  const given = Buffer.from((header ?? "").replace(/^Bearer /, ""));
  return given.length === token.length && timingSafeEqual(given, token);
}

export const metrics = Router();

/** Scraped every 15 s; the GPU service scales on filot_gpu_queue_depth. */
metrics.get("/metrics", async (req, res, next) => {
  if (!allowed(req.get("authorization"))) return next(unauthorized());
  try {
    const [gpu, cpu] = await Promise.all([redis.llen(GPU_QUEUE), cpuQueueDepth()]);
    res.type("text/plain").send(
      [
        "# TYPE filot_gpu_queue_depth gauge",
        `filot_gpu_queue_depth ${gpu}`,
        "# TYPE filot_cpu_queue_depth gauge",
        `filot_cpu_queue_depth ${cpu}`,
        "",
      ].join("\n"),
    );
  } catch (error) {
    next(error);
  }
});
