#!/bin/bash
# Starts the listener, as the agent's own script does: not as root unless told so, and once more after an update.
if [ "$(id -u)" -eq 0 ] && [ -z "$AGENT_ALLOW_RUNASROOT" ]; then
  echo "Must not run interactively with sudo"
  exit 1
fi
folder="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
"$folder/bin/Agent.Listener" run "$@"
code=$?
if [ "$code" -eq 4 ]; then
  "$folder/bin/Agent.Listener" run "$@"
  code=$?
fi
exit "$code"
