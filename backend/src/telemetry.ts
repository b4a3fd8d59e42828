import * as Sentry from "@sentry/node";

/** Error reporting is optional: without a DSN nothing is sent. */
export function startTelemetry(): boolean {
  if (!("SENTRY_DSN" in process.env)) return false;
  Sentry.init({ dsn: process.env.SENTRY_DSN, tracesSampleRate: 0.05, sendDefaultPii: false });
  return true;
}

export function reportError(error: unknown): void {
  Sentry.captureException(error);
}
