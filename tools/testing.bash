# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For the scripts that test the `saef` command as a user types it: a folder of their own, parties as
# processes, expectations. Set `saef` before it is sourced; what is started ends with the script.
: "${saef:?}"
folder=$(mktemp -d)
processes=()
finish() {
  local status=$?
  ((${#processes[@]})) && kill "${processes[@]}" 2>/dev/null
  ((status == 0)) || tail -n 30 "$folder"/*.log 2>/dev/null
  rm -rf "$folder"
}
trap finish EXIT
fail() {
  echo "${0##*/}: $*" >&2
  exit 1
}
# expect CODE COMMAND…: the command's exit code; its output goes to $out.
out=$folder/out
expect() {
  local wanted=$1 code=0
  shift
  "$@" >"$out" 2>&1 </dev/null || code=$?
  ((code == wanted)) || {
    cat "$out"
    fail "$* ended with $code, not $wanted"
  }
}
has() { grep -aqE -- "$1" "$out" || { cat "$out"; fail "no '$1' in the output"; }; }
hasnt() { ! grep -aqE -- "$1" "$out" || { cat "$out"; fail "'$1' is in the output"; }; }
# serve PARTY: starts it and waits until it is ready; where it listens is in $folder/PARTY.
serve() {
  "$saef" "$1" -v --config "$folder/site/$1.json" >"$folder/$1" 2>"$folder/$1.log" </dev/null &
  processes+=($!)
  for ((i = 0; i < 300; ++i)); do
    grep -qx ready "$folder/$1" && return 0
    kill -0 "${processes[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  fail "saef $1 didn't get ready"
}
uri_of() { sed -n "s/^listening \($2:.*\)/\1/p" "$folder/$1" | head -n 1; }
set_uri() { sed -i "s|$1|$2|" "$folder"/site/*.json; }
# stop: ends the party that was started last.
stop() {
  kill "${processes[-1]}"
  wait "${processes[-1]}" 2>/dev/null || true
  unset 'processes[-1]'
}

# speak ANSWER COMMAND…: the request on stdin goes to the client, which is ended once ANSWER has come.
speak() {
  local answer=$1 pid
  shift
  mkfifo "$folder/pipe"
  "$@" <"$folder/pipe" >"$out" 2>&1 &
  pid=$!
  exec 3>"$folder/pipe"
  rm "$folder/pipe"
  cat >&3
  for ((i = 0; i < 300; ++i)); do
    grep -aqE -- "$answer" "$out" && break
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  exec 3>&-
  kill "$pid" 2>/dev/null || true
  wait "$pid" 2>/dev/null || true
  has "$answer"
}
