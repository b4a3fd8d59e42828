import { createApp } from "./app.js";
import { config } from "./config/env.js";
import { validateEnvironment } from "./config/validate.js";
import { pool } from "./db/pool.js";
import { logger } from "./logger.js";
import { closeRedis } from "./redis/client.js";
import { logStorage } from "./storage/r2.js";
import { startTelemetry } from "./telemetry.js";
import { startNotificationsWorker } from "./workers/notificationsWorker.js";

validateEnvironment();
startTelemetry();
logStorage();

const notifications = startNotificationsWorker();
const server = createApp().listen(config.http.port, config.http.host, () => {
  logger.info({ port: config.http.port }, "filot api listening");
});

async function stop(signal: string): Promise<void> {
  logger.info({ signal }, "stopping");
  setTimeout(() => process.exit(1), config.http.shutdownGraceMs).unref();
  await new Promise<void>((resolve) => server.close(() => resolve()));
  await notifications.close();
  await closeRedis();
  await pool.end();
}

process.once("SIGTERM", (signal) => void stop(signal));
process.once("SIGINT", (signal) => void stop(signal));
