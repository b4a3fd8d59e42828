import { pino } from "pino";

const env = process.env;

export const logger = pino({
  name: "filot-api",
  level: env.LOG_LEVEL || "info",
  redact: ["req.headers.authorization", "req.headers['x-buli2-signature']"],
  transport: env.LOG_PRETTY === "1" ? { target: "pino-pretty" } : undefined,
});
