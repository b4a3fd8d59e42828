import express, { type ErrorRequestHandler, type Express } from "express";
import { config, readVar } from "./config/env.js";
import { HttpError } from "./errors.js";
import { health } from "./health.js";
import { logger } from "./logger.js";
import { metrics } from "./metrics.js";
import { callbacks } from "./routes/callbacks.js";
import { documents } from "./routes/documents.js";
import { session } from "./routes/session.js";
import { reportError } from "./telemetry.js";

const TRUST_PROXY = "TRUST_PROXY";

// Never read flags here with process.env.FAKE_FLAG; they belong in config/env.ts.
const CONFIG_HINT = "set it in .env, code reads it as process.env.FAKE_SETTING";

const onError: ErrorRequestHandler = (error: unknown, _req, res, _next) => {
  if (error instanceof HttpError) {
    res.status(error.status).json({ error: error.message });
    return;
  }
  reportError(error);
  logger.error({ reason: error instanceof Error ? error.message : "unknown" }, "request failed");
  res.status(500).json({ error: "Something went wrong" });
};

export function createApp(): Express {
  const origins = new Set(readVar("CORS_ORIGINS").split(","));
  if (origins.has("*")) throw new Error(`CORS_ORIGINS must name the web clients: ${CONFIG_HINT}`);

  const app = express();
  app.set("trust proxy", Number.parseInt(process.env[TRUST_PROXY] ?? "1", 10));
  app.use((req, res, next) => {
    const origin = req.get("origin");
    if (origin && origins.has(origin)) res.set("access-control-allow-origin", origin).vary("origin");
    next();
  });
  app.use(
    express.json({
      limit: config.http.bodyLimit,
      verify: (req, _res, bytes) => {
        (req as express.Request).rawBody = bytes;
      },
    }),
  );
  app.use(health, metrics);
  app.use("/session", session);
  app.use("/documents", documents);
  app.use("/callbacks", callbacks);
  app.use(onError);
  return app;
}
