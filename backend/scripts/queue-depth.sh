#!/usr/bin/env bash
# Documents waiting for the OCR worker.
set -euo pipefail

: "${REDIS_URL:?set REDIS_URL}"
gpu_key="${OCR_GPU_QUEUE_KEY:?set OCR_GPU_QUEUE_KEY}"
cpu_key="${OCR_CPU_QUEUE_KEY:?set OCR_CPU_QUEUE_KEY}"

for key in "$gpu_key" "$cpu_key"; do
  depth="$(redis-cli -u "$REDIS_URL" llen "$key")"
  printf '%-30s %s\n' "$key" "$depth"
done
