import { Client, Connection } from "@temporalio/client";
import { readVar } from "../config/env.js";

const TASK_QUEUE = readVar("TEMPORAL_TASK_QUEUE", "filot-review");

let client: Promise<Client> | undefined;

async function connect(): Promise<Client> {
  const connection = await Connection.connect({
    address: readVar("TEMPORAL_ADDRESS"),
    apiKey: readVar("TEMPORAL_API_KEY"),
    tls: true,
  });
  return new Client({ connection, namespace: process.env.TEMPORAL_NAMESPACE || "default" });
}

/** One connection for the whole process, opened at first use. */
export function temporal(): Promise<Client> {
  client ??= connect();
  return client;
}

const workflowId = (documentId: string): string => `document-review-${documentId}`;

export async function startReview(documentId: string, storageKey: string): Promise<void> {
  const { workflow } = await temporal();
  await workflow.start("DocumentReviewWorkflow", {
    taskQueue: TASK_QUEUE,
    workflowId: workflowId(documentId),
    args: [{ document_id: documentId, storage_key: storageKey }],
  });
}

export async function reportDecision(documentId: string, decision: "approved" | "rejected"): Promise<void> {
  const { workflow } = await temporal();
  await workflow.getHandle(workflowId(documentId)).signal("review_completed", decision);
}
