import { pool } from "./pool.js";

export type DocumentStatus = "queued" | "scored" | "in_review" | "approved" | "rejected" | "failed";

export interface StoredDocument {
  id: string;
  userId: string;
  email: string;
  storageKey: string;
  status: DocumentStatus;
  score: number | null;
}

export interface NewDocument {
  id: string;
  userId: string;
  kind: string;
  storageKey: string;
}

export async function insertDocument(document: NewDocument): Promise<void> {
  await pool.query("insert into documents (id, user_id, kind, storage_key, status) values ($1, $2, $3, $4, 'queued')", [
    document.id,
    document.userId,
    document.kind,
    document.storageKey,
  ]);
}

export async function findDocument(id: string): Promise<StoredDocument | undefined> {
  const result = await pool.query<StoredDocument>(
    `select d.id, d.user_id as "userId", u.email, d.storage_key as "storageKey", d.status, d.score
       from documents d join users u on u.id = d.user_id where d.id = $1`,
    [id],
  );
  return result.rows[0];
}

export async function setStatus(id: string, status: DocumentStatus): Promise<void> {
  await pool.query("update documents set status = $2, updated_at = now() where id = $1", [id, status]);
}
