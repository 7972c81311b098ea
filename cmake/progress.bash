# SPDX-License-Identifier: GPL-3.0-or-later
# shellcheck shell=bash
#
# For ./demo and ./check: long commands whose output goes to a file and that still show where they are.

# run_logged LOG COMMAND…: runs the command with its output in LOG, and without stdin. Once it has run for
# some seconds, the step a build has reached is shown every few seconds. Returns the command's exit code.
run_logged() {
  local log=$1 pid step last='' ticks=0
  shift
  mkdir -p "$(dirname "$log")"
  "$@" >"$log" 2>&1 </dev/null &
  pid=$!
  while kill -0 "$pid" 2>/dev/null; do
    sleep 0.2
    ((++ticks % 25 == 0)) || continue
    step=$(grep -aoE '^\[[0-9]+/[0-9]+\]|^third_party: .*|^ *[0-9]+/[0-9]+ Test +#.*' "$log" | tail -n 1 || true)
    [[ -n $step && $step != "$last" ]] && echo "  $step"
    last=$step
  done
  wait "$pid"
}

# build_preset PRESET LOG [TARGET…]: configures build/PRESET if that wasn't done, and builds it, or those targets.
build_preset() {
  local preset=$1 log=$2
  shift 2
  if [[ ! -f build/$preset/build.ninja ]]; then
    # Configuring builds what third_party/ holds, the first time.
    run_logged "$log" cmake --preset "$preset" || return 1
  fi
  run_logged "$log" cmake --build "build/$preset" ${1:+--target "$@"}
}
