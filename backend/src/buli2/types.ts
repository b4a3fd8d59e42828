export interface ReviewRequest {
  documentId: string;
  documentUrl: string;
  score: number | null;
  callbackUrl: string;
}

export interface ReviewTicket {
  ticketId: string;
  status: "queued" | "in_review" | "done";
}

/** BULI2, the human review service. */
export interface Buli2 {
  createReview(request: ReviewRequest): Promise<ReviewTicket>;
  getReview(ticketId: string): Promise<ReviewTicket>;
}
