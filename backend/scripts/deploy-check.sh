#!/usr/bin/env bash
# Compares what runs with what the repository says. Changes nothing.
set -euo pipefail

CLUSTER="${ECS_CLUSTER:?set ECS_CLUSTER}"
REGION="${AWS_REGION:-ap-southeast-1}"
failures=0

for file in infra/ecs/service-*.json; do
  service="$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["serviceName"])' "$file")"
  wanted="$(python3 -c 'import json,sys; print(json.load(open(sys.argv[1]))["desiredCount"])' "$file")"
  running="$(aws ecs describe-services --region "$REGION" --cluster "$CLUSTER" --services "$service" \
    --query 'services[0].runningCount' --output text)"
  if [[ "$running" == "$wanted" ]]; then
    echo "ok       $service: $running running"
  else
    echo "MISMATCH $service: $running running, $wanted wanted"
    failures=$((failures + 1))
  fi
done

exit "$((failures > 0))"
