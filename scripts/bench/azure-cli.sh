#!/usr/bin/env bash
# What people write who have the Azure CLI alone: create a container whose image registers an agent, wait for it and for its
# job, unregister it, delete the container. `npm run bench` signs the CLI in before, and sets the variables.
set -euo pipefail

name="bench-$RANDOM$RANDOM"
pools="${ORGANIZATION_URL%/}/_apis/distributedtask/pools"

devops() {
  curl --silent --show-error --fail --user-agent bench-script --user ":$AZURE_DEVOPS_EXT_PAT" "$@"
}

# The value of the first number after a name.
number() {
  sed --quiet --regexp-extended "s/.*\"$1\" ?: ?([0-9]+).*/\1/p" | head --lines 1
}

pool_id=$(devops "$pools?poolName=$POOL&api-version=7.1" | tr '{' '\n' | grep --fixed-strings "\"$POOL\"" | number id)

az container create --output none --only-show-errors ${CREATE_OPTIONS-} \
  --resource-group "$RESOURCE_GROUP" --name "$name" --image "$IMAGE" --location "$LOCATION" --subnet "$SUBNET_ID" \
  --os-type Linux --cpu 1 --memory 2 --restart-policy Never \
  --environment-variables "AZP_URL=$ORGANIZATION_URL" "AZP_POOL=$POOL" "AZP_AGENT_NAME=$name" \
  --secure-environment-variables "AZP_TOKEN=$AZURE_DEVOPS_EXT_PAT"

agent=
until [[ $agent == *'"online"'* ]]; do
  [[ -z $agent ]] || sleep 1
  agent=$(devops "$pools/$pool_id/agents?agentName=$name&api-version=7.1")
done
echo "$name is online"
agent_id=$(tr '{' '\n' <<< "$agent" | grep --fixed-strings "\"$name\"" | number id)

# The agent of this image unregisters itself after its job: either its finished job is seen, or that it is gone.
record=
while [[ $record != *'"lastCompletedRequest"'* ]]; do
  sleep 1
  record=$(devops "$pools/$pool_id/agents/$agent_id?includeLastCompletedRequest=true&api-version=7.1" 2> /dev/null) || break
done
devops --request DELETE "$pools/$pool_id/agents/$agent_id?api-version=7.1" 2> /dev/null || true
az container delete --output none --only-show-errors --resource-group "$RESOURCE_GROUP" --name "$name" --yes
