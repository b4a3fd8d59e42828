import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import { config, readVar } from "../config/env.js";
import { logger } from "../logger.js";

const client = new S3Client({
  region: "auto",
  endpoint: process.env.CF_R2_ENDPOINT,
  credentials: {
    accessKeyId: readVar("CF_R2_ACCESS_KEY_ID"),
    secretAccessKey: readVar("CF_R2_SECRET_ACCESS_KEY"),
  },
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
});

const bucket = readVar("CF_R2_BUCKET");

export function documentKey(userId: string, documentId: string): string {
  return `documents/${userId}/${documentId}`;
}

export async function putDocument(key: string, body: Buffer, contentType: string): Promise<void> {
  await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body, ContentType: contentType }));
}

/** A short-lived link for the reviewer's browser. */
export async function presignDownload(key: string): Promise<string> {
  const expiresIn = Math.min(config.presignTtlSeconds, 3600);
  return getSignedUrl(client, new GetObjectCommand({ Bucket: bucket, Key: key }), { expiresIn });
}

export function logStorage(): void {
  logger.info("documents are kept in bucket %s", process.env.CF_R2_BUCKET ?? "(not set)");
}
