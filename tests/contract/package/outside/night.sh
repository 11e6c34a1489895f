#!/bin/sh
# One night of the step, undisturbed and killed again and again: both must come to the same report.
# Arguments: the program, the step's library, a folder to work in.
set -eu
daydream=$1 step=$2 work=$3
export HOME="$work/home" XDG_CACHE_HOME="$work/cache" GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1
mkdir -p "$HOME"
cat > "$work/pipeline.json" <<END
{"manifest": 1, "steps": [
  {"id": "todo_owner", "plugin": "$step", "config": {"batch": 1}},
  {"id": "daily_report", "plugin": "daily_report"}]}
END

make_repository() {
  mkdir -p "$1"
  git -C "$1" init -q -b main
  for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
    printf '# TODO %s\nx = 1\n' "$i" > "$1/f$i.py"
  done
  git -C "$1" add -A
  git -C "$1" -c user.name=a -c user.email=a@example.org commit -qm start
}
night() {
  (cd "$1" && exec "$daydream" run --manifest "$work/pipeline.json" --now 2026-11-22T02:30:00Z)
}
said() {
  sed -n '/^## Open Questions/,$p' "$1/logs/daydream/report_2026-11-22.md" | sed 's/in [0-9a-f]\{7,\}/in COMMIT/'
}

"$daydream" validate --manifest "$work/pipeline.json"
make_repository "$work/calm"
night "$work/calm" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
make_repository "$work/killed"
kills=0
for after in 0.02 0.04 0.06 0.08 0.1 0.13 0.16 0.2; do
  cd "$work/killed"
  if timeout -s KILL "$after" "$daydream" run --manifest "$work/pipeline.json" --now 2026-11-22T02:30:00Z \
      > "$work/log" 2>&1; then break; fi
  kills=$((kills + 1))
done
[ -f "$work/killed/logs/daydream/report_2026-11-22.md" ] || night "$work/killed" > "$work/log" 2>&1 || { cat "$work/log"; exit 1; }
[ "$kills" -gt 0 ]
said "$work/calm" > "$work/calm.txt"
said "$work/killed" > "$work/killed.txt"
grep -q "Found 20 TODOs without an owner" "$work/calm.txt"
diff "$work/calm.txt" "$work/killed.txt"
echo "the same after $kills kills"
