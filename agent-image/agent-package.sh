#!/usr/bin/env bash
# Says which agent to bake into an image: the version that the organization offers, in the package without the Node
# versions that are out of support where its hash is published, and else in the one that the organization names.
# Prints three lines: version, address, SHA-256. The token comes from SYSTEM_ACCESSTOKEN, and is no argument of anything.
#
#   agent-package.sh https://dev.azure.com/ORGANIZATION/ [linux-x64 | win-x64]
set -euo pipefail

organization=${1%/} platform=${2:-linux-x64}
releases=${AGENT_RELEASES:-https://api.github.com/repos/microsoft/azure-pipelines-agent/releases}

get() { curl -fsSL --retry 5 --max-time 60 "$@"; }

offered=$(get -K <(printf 'user = ":%s"\n' "$SYSTEM_ACCESSTOKEN") \
  "$organization/_apis/distributedtask/packages/agent?platform=$platform&\$top=1&api-version=7.1-preview.1" | jq '.value[0]')
version=$(jq -r '.version | "\(.major).\(.minor).\(.patch)"' <<<"$offered")
address=$(jq -r .downloadUrl <<<"$offered")
sha256=$(jq -r '.hashValue // empty' <<<"$offered")

# The release's page has a table: package, hash. Without it the other package will do.
slim=pipelines-agent-$platform-$version
notes=$(get "$releases/tags/v$version" | jq -r .body) || notes=''
published=$(sed -nE "s/.*\[$slim\.(tar\.gz|zip)\].*\|[[:space:]]*([0-9A-Fa-f]{64})[[:space:]]*\|.*/\2/p" <<<"$notes" | head -n 1)
if [[ -n $published ]]; then
  address=${address%/*}/$slim.${address##*"$version".}
  sha256=$published
fi
if [[ -z $sha256 ]]; then
  echo "Nobody has published the SHA-256 of agent $version for $platform." >&2
  exit 1
fi
printf '%s\n' "$version" "$address" "$sha256"
