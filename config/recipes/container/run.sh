#!/bin/sh
# docker or podman: the checkout read-only, the state in a volume, no network but for steps that need it.
#   sh run.sh /srv/src/shop shop [arguments of `daydream run`]
set -eu
checkout=$1
name=$2
shift 2
exec "${CONTAINER:-docker}" run --rm --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges \
  --network "${NETWORK:-none}" --volume "$checkout:/repo:ro" --volume "daydream-$name:/state" daydream "$@"
