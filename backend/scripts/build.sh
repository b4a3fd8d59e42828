#!/usr/bin/env bash
# Builds both images and pushes them. Usage: scripts/build.sh [api|worker]
set -euo pipefail

account="${AWS_ACCOUNT_ID:?set AWS_ACCOUNT_ID}"
region="${AWS_REGION:-ap-southeast-1}"
repository="${ECR_REPOSITORY:-filot}"
GIT_SHA="$(git rev-parse --short=12 HEAD)"
tag="${IMAGE_TAG:-$GIT_SHA}"
registry="$account.dkr.ecr.$region.amazonaws.com"
what="${1:-all}"

push() {
  local name="$1" file="$2"
  local image="$registry/$repository-$name:$tag"
  docker build --file "$file" --build-arg GIT_SHA="$GIT_SHA" --tag "$image" .
  docker push "$image"
  echo "pushed $image"
}

case "$what" in
  api) push api Dockerfile ;;
  worker) push ocr-gpu Dockerfile.gpu ;;
  all)
    push api Dockerfile
    push ocr-gpu Dockerfile.gpu
    ;;
  *)
    echo "unknown image: $what" >&2
    exit 2
    ;;
esac
