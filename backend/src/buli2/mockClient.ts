import { logger } from "../logger.js";
import type { Buli2, ReviewRequest, ReviewTicket } from "./types.js";

/** Stands in for BULI2 on a laptop: every review is done at once. */
export class MockBuli2Client implements Buli2 {
  async createReview(request: ReviewRequest): Promise<ReviewTicket> {
    logger.info({ document: request.documentId }, "mock review created");
    return { ticketId: `mock-${request.documentId}`, status: "done" };
  }

  async getReview(ticketId: string): Promise<ReviewTicket> {
    return { ticketId, status: "done" };
  }
}
