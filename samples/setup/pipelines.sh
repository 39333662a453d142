# shellcheck shell=bash disable=SC2154  # what the scripts before it found out
# Writes the two pipelines with the values of this set-up, and the templates that they use: a folder to copy into your
# repository as it is.

say "Pipelines"

samples="$(dirname "${BASH_SOURCE[0]}")/.."

# Puts the values in the place of those at a sample's top, and takes the template from beside the file.
fill_in() {
  sed -e "s|^  azureConnection: .*|  azureConnection: $SERVICE_CONNECTION|" \
    -e "s|^  agentPool: .*|  agentPool: $AGENT_POOL|" \
    -e "s|^  agentResourceGroup: .*|  agentResourceGroup: $AGENTS_GROUP|" \
    -e "s|^  agentImage: .*|  agentImage: $registry_server/azure-pipelines-agent:latest|" \
    -e "s|^  agentIdentity: .*|  agentIdentity: $identity_id|" \
    -e "s|^  agentVnetResourceGroup: .*|  agentVnetResourceGroup: $NETWORK_GROUP|" \
    -e "s|^  agentVnet: .*|  agentVnet: $VNET|" \
    -e "s|^  agentSubnet: .*|  agentSubnet: $AGENTS_SUBNET|" \
    -e "s|^  storageAccount: .*|  storageAccount: $STORAGE_ACCOUNT|" \
    -e "s|^  storageContainer: .*|  storageContainer: $STORAGE_CONTAINER|" \
    -e '/^resources:/,/^$/d' \
    -e 's|templates/stage.yml@ephemeral-agents|stage.yml|' \
    -e '/^# \.\.\/setup /d' "$1"
}

if $dry_run; then
  echo "# writes check.yml, deploy.yml and their templates to $PIPELINES"
else
  mkdir -p "$PIPELINES"
  cp "$samples/../templates/deploy.yml" "$PIPELINES/deploy-jobs.yml"
  sed 's|deploy\.yml|deploy-jobs.yml|' "$samples/../templates/stage.yml" >"$PIPELINES/stage.yml"
  fill_in "$samples/check/azure-pipelines.yml" >"$PIPELINES/check.yml"
  fill_in "$samples/private-storage/azure-pipelines.yml" >"$PIPELINES/deploy.yml"
  ls "$PIPELINES"/*.yml
fi
