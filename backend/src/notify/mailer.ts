const { MAILER_URL: mailerUrl = "http://localhost:8025", MAILER_FROM = "no-reply@example.com" } = process.env;

export interface Mail {
  to: string;
  template: string;
  reference: string;
}

/** The mail gateway renders the template; we only hand over the facts. */
export async function sendMail(mail: Mail): Promise<void> {
  const response = await fetch(new URL("/v1/messages", mailerUrl), {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ from: MAILER_FROM, ...mail }),
    signal: AbortSignal.timeout(5_000),
  });
  if (!response.ok) throw new Error(`Mail gateway answered ${response.status}`);
}
