#!/bin/sh
# One night on a machine that is thrown away: the state comes out of a cache and goes back into it, also when the run
# failed or was stopped.
#
#   DAYDREAM_STATE   the folder that the CI system restores before and saves after this script   (./.daydream-state)
#   DAYDREAM_REPO    the checkout                                                                (.)
#   DAYDREAM_BUDGET  stop resumable before the job's own time limit would kill it                 (50m)
#   DAYDREAM_PUSH    the remote that gets the night branch; empty: it is not pushed               ()
#   DAYDREAM_TRUST   1: the repository's own manifest may name programs and hosts. A CI job runs what the repository
#                    says anyway; 0 where it runs on branches of strangers                        (1)
#   DAYDREAM         the program                                                                  (daydream)
# Further arguments go to `daydream run`. The exit code is that of the run, but 75 (to be continued) is 0 here: the
# next night goes on where this one was. DAYDREAM_STRICT=1 keeps it.
set -u
state=${DAYDREAM_STATE:-$PWD/.daydream-state}
repository=${DAYDREAM_REPO:-.}
program=${DAYDREAM:-daydream}
remote=${DAYDREAM_PUSH:-}

mkdir -p "$state" || exit 75
state=$(cd "$state" && pwd)

# The branch of an earlier night: without it, what people merged or dropped could not be told from what is new.
# Nothing to fetch is fine.
if [ -n "$remote" ]; then
  git -C "$repository" fetch --quiet "$remote" '+refs/heads/daydream/*:refs/heads/daydream/*' 2>/dev/null || true
fi

manifest=$repository/.daydream/pipeline.json
case " $* " in
  *' --manifest'*) ;;
  *) if [ "${DAYDREAM_TRUST:-1}" = 1 ] && [ -f "$manifest" ]; then set -- --manifest "$manifest" "$@"; fi ;;
esac

# A signal to this script goes on to the run, which stops within seconds and keeps what it has. The cache beside the
# state holds nothing that must last.
"$program" run --repo "$repository" --state-dir "$state" --work-dir "${TMPDIR:-/tmp}/daydream-work-$$" \
  --budget "${DAYDREAM_BUDGET:-50m}" "$@" &
run=$!
trap 'kill -TERM "$run" 2>/dev/null' TERM INT HUP
wait "$run"
code=$?
# A trapped signal ends `wait` early; the run's own end is what counts.
while kill -0 "$run" 2>/dev/null; do
  wait "$run"
  code=$?
done
rm -rf "${TMPDIR:-/tmp}/daydream-work-$$"
git -C "$repository" worktree prune 2>/dev/null

if [ -n "$remote" ] && { [ "$code" -eq 0 ] || [ "$code" -eq 1 ] || [ "$code" -eq 78 ]; }; then
  git -C "$repository" push --quiet --force-with-lease "$remote" 'refs/heads/daydream/*:refs/heads/daydream/*' ||
    echo "nightly: the night branch could not be pushed to $remote" >&2
fi

if [ "$code" -eq 75 ] && [ "${DAYDREAM_STRICT:-0}" != 1 ]; then
  echo "nightly: not finished; the next night goes on from here" >&2
  exit 0
fi
exit "$code"
