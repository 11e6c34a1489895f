#!/bin/sh
# One night in a container. The checkout is mounted read-only and belongs to somebody else; the state is a volume.
#
#   DAYDREAM_REPO    where the checkout is mounted       (/repo)
#   DAYDREAM_STATE   where the volume is mounted         (/state)
#   DAYDREAM_TRUST   1: the checkout's own manifest may name programs and hosts (verify, inputs, ...); else such a
#                    one is refused, 65          (0)
#   DAYDREAM         the program                         (daydream)
# Further arguments go to `daydream run`. As nothing can be written into the checkout, changes are patches in the
# volume (--mode patch) unless an argument says otherwise.
#
# git refuses a repository of another user, and of a read-only one no work tree can be added. So the night works on a
# clone of its own, kept in the volume and brought up to date each time: cheap, as it takes what is new only.
set -eu
repository=${DAYDREAM_REPO:-/repo}
volume=${DAYDREAM_STATE:-/state}
program=${DAYDREAM:-daydream}

fail() {
  echo "nightly: $1" >&2
  exit "$2"
}
[ -d "$repository" ] || fail "$repository: no checkout is mounted there" 64
[ -w "$volume" ] || fail "$volume: not writable for uid $(id -u); give the volume to it (chown $(id -u) or --user)" 64

# A configuration for this call: the one repository that is trusted although it belongs to somebody else.
HOME=$volume/home
export HOME XDG_CACHE_HOME="$volume/cache"
mkdir -p "$HOME" "$volume/cache" "$volume/state"
GIT_CONFIG_GLOBAL=$volume/home/gitconfig
export GIT_CONFIG_GLOBAL
: > "$GIT_CONFIG_GLOBAL"
git config --global --add safe.directory "$repository"
git config --global --add safe.directory "$repository/.git"

git -C "$repository" rev-parse --verify --quiet HEAD > /dev/null ||
  fail "$repository: not a git checkout with a commit" 65
clone=$volume/clone
if [ ! -d "$clone/.git" ]; then
  rm -rf "$clone" "$clone.new" # what a killed night left
  git clone --quiet --no-hardlinks --no-checkout "file://$repository" "$clone.new"
  mv "$clone.new" "$clone"
fi
# HEAD of the checkout as it is now, whatever branch that is on.
git -C "$clone" fetch --quiet --force --update-shallow "file://$repository" HEAD
git -C "$clone" checkout --quiet --force --detach FETCH_HEAD
git -C "$clone" clean --quiet -fdx -e .venv -e node_modules
for shared in .venv node_modules; do # for "workspace": {"link": [...]}
  [ ! -d "$repository/$shared" ] || ln -sfn "$repository/$shared" "$clone/$shared"
done

manifest=$clone/.daydream/pipeline.json
case " $* " in
  *' --manifest'*) ;;
  *) if [ "${DAYDREAM_TRUST:-0}" = 1 ] && [ -f "$manifest" ]; then set -- --manifest "$manifest" "$@"; fi ;;
esac

exec "$program" run --repo "$clone" --state-dir "$volume/state" --work-dir "$volume/cache/work" --mode patch "$@"
