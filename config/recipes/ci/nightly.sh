#!/bin/sh
# One night on a machine that is thrown away: the state comes out of a cache and goes back into it, also when the run
# failed or was stopped. The night's commits are kept beside the state, in a clone of the checkout, as they would
# otherwise be lost with it: a job that is killed at any moment is finished by the next one.
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

mkdir -p "$state/state" || exit 75
state=$(cd "$state" && pwd)
repository=$(cd "$repository" && git rev-parse --show-toplevel) || exit 65
clone=$state/clone
work=${TMPDIR:-/tmp}/daydream-work-$$

if [ ! -d "$clone/.git" ]; then
  rm -rf "$clone" "$clone.new" # what a killed job left
  git clone --quiet --no-checkout "file://$repository" "$clone.new" && mv "$clone.new" "$clone" || exit 75
fi
git -C "$clone" worktree prune
git -C "$clone" fetch --quiet --force --update-shallow "file://$repository" HEAD || exit 75
git -C "$clone" checkout --quiet --force --detach FETCH_HEAD || exit 75
git -C "$clone" clean --quiet -fdx -e .venv -e node_modules
for shared in .venv node_modules; do # for "workspace": {"link": [...]}
  [ ! -d "$repository/$shared" ] || ln -sfn "$repository/$shared" "$clone/$shared"
done

# What people have merged, dropped or deleted of earlier nights; not before the last one has been pushed. A remote that
# does not answer changes nothing.
night='refs/heads/daydream/*'
if [ -n "$remote" ] && [ ! -e "$state/unpushed" ] &&
  git -C "$repository" fetch --quiet --prune "$remote" "+$night:refs/remotes/$remote/daydream/*"; then
  git -C "$clone" fetch --quiet --prune "file://$repository" "+refs/remotes/$remote/daydream/*:$night"
fi
[ -z "$remote" ] || : > "$state/unpushed"

manifest=$clone/.daydream/pipeline.json
case " $* " in
  *' --manifest'*) ;;
  *) if [ "${DAYDREAM_TRUST:-1}" = 1 ] && [ -f "$manifest" ]; then set -- --manifest "$manifest" "$@"; fi ;;
esac

# A signal to this script goes on to the run, which stops within seconds and keeps what it has.
"$program" run --repo "$clone" --state-dir "$state/state" --work-dir "$work" --budget "${DAYDREAM_BUDGET:-50m}" "$@" &
run=$!
trap 'kill -TERM "$run" 2>/dev/null' TERM INT HUP
wait "$run"
code=$?
# A trapped signal ends `wait` early; the run's own end is what counts.
while kill -0 "$run" 2>/dev/null; do
  wait "$run"
  code=$?
done
rm -rf "$work"
git -C "$clone" worktree prune

# Pushed from the checkout, which has the credentials. A night that is not finished stays here.
if [ -n "$remote" ] && { [ "$code" -eq 0 ] || [ "$code" -eq 1 ] || [ "$code" -eq 78 ]; }; then
  if git -C "$repository" fetch --quiet "$clone" "+$night:$night" &&
    { [ -z "$(git -C "$repository" for-each-ref --count=1 refs/heads/daydream)" ] ||
      git -C "$repository" push --quiet --force-with-lease "$remote" "$night:$night"; }; then
    rm -f "$state/unpushed"
  else
    echo "nightly: the night branch could not be pushed to $remote; the next job tries again" >&2
  fi
fi

if [ "$code" -eq 75 ] && [ "${DAYDREAM_STRICT:-0}" != 1 ]; then
  echo "nightly: not finished; the next night goes on from here" >&2
  exit 0
fi
exit "$code"
