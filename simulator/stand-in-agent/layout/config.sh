#!/bin/bash
# Registers the agent, or with `remove` deletes its record. As the agent's own script: not as root unless told so.
if [ "$(id -u)" -eq 0 ] && [ -z "$AGENT_ALLOW_RUNASROOT" ]; then
  echo "Must not run with sudo"
  exit 1
fi
folder="$(cd -P "$(dirname "${BASH_SOURCE[0]}")" && pwd)"
if [ "$1" = remove ]; then exec "$folder/bin/Agent.Listener" "$@"; fi
exec "$folder/bin/Agent.Listener" configure "$@"
