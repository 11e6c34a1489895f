#!/bin/sh
# Every repository of a list, a few at a time, with a summary of what did not run.
#
#   sh nightly-all.sh LIST [arguments of `daydream run`]
#
# LIST has one repository a line (absolute; empty lines and lines that begin with # are passed over), or is - for stdin.
#
#   DAYDREAM_ROOT   states and caches lie below it, in a folder for each repository    (/var/lib/daydream)
#   DAYDREAM_JOBS   how many run at the same time                                      (number of processors)
#   DAYDREAM        the program                                                        (daydream)
#
# A manifest in a repository that names programs or hosts is refused until you have said `daydream trust --repo DIR`.
#
# A crontab line for 300 of them, with what is due by each one's own schedule:
#   */30 * * * *  sh nightly-all.sh /etc/daydream/repositories --if-due > /var/lib/daydream/summary.txt
#
# stdout is the summary: one line for each repository that did not simply complete, grouped by what is to be done,
# then the counts. The exit code is the gravest of them: 70 a bug, 78 a human is needed, 65 refused, 64 wrong words,
# 75 not finished (the next call goes on), 1 --fail-on was met, 0 all completed. Stopped by a signal, it stops the
# runs, each of which keeps what it has, and sums up what there is.
set -u

# This script again, for one repository: runs it, and keeps how it ended.
if [ "${1:-}" = --one ]; then
  repository=$2
  shift 2
  # A folder for each: its name for people, a checksum because two may be called the same.
  name=$(basename -- "$repository" | tr -c 'A-Za-z0-9._\n-' _)-$(printf %s "$repository" | cksum | cut -d' ' -f1)
  place=$DAYDREAM_ROOT/$name
  results=$DAYDREAM_RESULTS
  [ ! -e "$results/stop" ] || exit 0
  echo $$ > "$results/$name.pid"
  if ! mkdir -p "$place"; then
    code=75
    echo "cannot make $place" > "$results/$name.words"
  elif [ ! -d "$repository" ]; then
    code=65
    echo "no such folder" > "$results/$name.words"
  else
    "$DAYDREAM" run --repo "$repository" --state-dir "$place/state" --work-dir "$place/work" "$@" \
      > "$place/last.out" 2> "$place/last.err" < /dev/null &
    run=$!
    trap 'kill -TERM "$run" 2>/dev/null' TERM INT HUP
    wait "$run"
    code=$?
    while kill -0 "$run" 2>/dev/null; do
      wait "$run"
      code=$?
    done
    grep '^daydream: ' "$place/last.err" | grep -v ' info ' | tail -1 | cut -c11-210 > "$results/$name.words"
    [ -s "$results/$name.words" ] || tail -1 "$place/last.err" | cut -c1-200 > "$results/$name.words"
  fi
  printf '%s\n' "$repository" > "$results/$name.path"
  printf '%s\n' "$code" > "$results/$name.code"
  rm -f "$results/$name.pid"
  exit 0
fi

list=${1:-}
if [ -z "$list" ]; then
  echo "usage: sh nightly-all.sh LIST [arguments of daydream run]" >&2
  exit 64
fi
shift
if [ "$list" != - ] && [ ! -r "$list" ]; then
  echo "nightly-all: $list: cannot be read" >&2
  exit 64
fi
DAYDREAM=${DAYDREAM:-daydream}
DAYDREAM_ROOT=${DAYDREAM_ROOT:-/var/lib/daydream}
export DAYDREAM DAYDREAM_ROOT
command -v "$DAYDREAM" > /dev/null || { echo "nightly-all: $DAYDREAM: no such program" >&2; exit 64; }
mkdir -p "$DAYDREAM_ROOT" || exit 75
DAYDREAM_RESULTS=$(mktemp -d) || exit 75
export DAYDREAM_RESULTS
jobs=${DAYDREAM_JOBS:-$(nproc 2>/dev/null || echo 2)}

# NUL between the names: they may hold anything but a line break. A signal is passed on to the runs under way, which
# stop by themselves; those that are not begun see the mark and leave.
stop_all() {
  : > "$DAYDREAM_RESULTS/stop"
  for file in "$DAYDREAM_RESULTS"/*.pid; do
    [ -e "$file" ] && kill -TERM "$(cat "$file")" 2>/dev/null
  done
}
trap stop_all TERM INT HUP
if [ "$list" = - ]; then cat; else cat -- "$list"; fi | tr -d '\r' | grep -v -e '^[[:space:]]*$' -e '^#' > "$DAYDREAM_RESULTS/all"
tr '\n' '\0' < "$DAYDREAM_RESULTS/all" | xargs -0 -r -P "$jobs" -I '{}' sh "$0" --one '{}' "$@" &
pool=$!
# A trapped signal ends `wait` early.
while kill -0 "$pool" 2>/dev/null; do wait "$pool"; done

# Sorted by what is to be done, the gravest first.
worst=0
for code in 70 78 65 64 75 1; do
  case $code in
    70) what='a bug of Daydream' ;;
    78) what='a human is needed' ;;
    65) what='refused: manifest, plugin, configuration or repository' ;;
    64) what='wrong words' ;;
    75) what='not finished; the next call goes on' ;;
    1) what='completed, and --fail-on was met' ;;
  esac
  shown=0
  for file in "$DAYDREAM_RESULTS"/*.code; do
    [ -e "$file" ] && [ "$(cat "$file")" = "$code" ] || continue
    [ "$shown" = 1 ] || echo "$code  $what:"
    shown=1
    [ "$worst" != 0 ] || worst=$code
    base=${file%.code}
    echo "      $(cat "$base.path")  $(cat "$base.words")"
  done
done
# What ended in no way that has a name (killed from outside), and what was never begun.
for file in "$DAYDREAM_RESULTS"/*.code; do
  [ -e "$file" ] || continue
  case $(cat "$file") in 0 | 1 | 64 | 65 | 70 | 75 | 78) continue ;; esac
  echo "$(cat "$file")  ended from outside: $(cat "${file%.code}.path")"
  [ "$worst" != 0 ] || worst=75
done
listed=$(wc -l < "$DAYDREAM_RESULTS/all")
ended=$(cat "$DAYDREAM_RESULTS"/*.code 2>/dev/null | wc -l)
completed=$(cat "$DAYDREAM_RESULTS"/*.code 2>/dev/null | grep -c -x -e 0 -e 1)
if [ "$ended" -lt "$listed" ]; then
  echo "--  not begun: $((listed - ended))"
  [ "$worst" != 0 ] || worst=75
fi
echo "$completed of $listed repositories completed"
rm -rf "$DAYDREAM_RESULTS"
exit "$worst"
