#!/usr/bin/env bash
# Prepares a subscription for ephemeral agents, with a private storage account to deploy to. Running it again changes
# nothing that is right already. Takes --dry-run, which only prints the commands. What it makes is in variables.sh.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=samples/setup/commands.sh
source "$here/commands.sh"

if [[ -z $SERVICE_PRINCIPAL_OBJECT_ID ]]; then
  echo "Set SERVICE_PRINCIPAL_OBJECT_ID in variables.sh: the object id of the service connection's principal." >&2
  exit 2
fi

say "Resource providers"
registered=$(ask '' az provider list --query "[?registrationState=='Registered'].namespace")
for provider in ContainerInstance ContainerRegistry ManagedIdentity Network Storage; do
  [[ " ${registered//$'
'/ } " == *" Microsoft.$provider "* ]] ||
    run az provider register --namespace "Microsoft.$provider" --wait
done

say "Resource groups"
for group in "$AGENTS_GROUP" "$NETWORK_GROUP" "$PLATFORM_GROUP"; do make_group "$group"; done

# shellcheck source=samples/setup/network.sh
source "$here/network.sh"
# shellcheck source=samples/setup/registry.sh
source "$here/registry.sh"
# shellcheck source=samples/setup/storage.sh
source "$here/storage.sh"
# shellcheck source=samples/setup/rights.sh
source "$here/rights.sh"

# shellcheck source=samples/setup/pipelines.sh
source "$here/pipelines.sh"

if $dry_run; then exit; fi
cat <<END

Done. Two steps of docs/set-up-guide.md need this:

# Step 5, the image
  az acr build --registry $REGISTRY --image azure-pipelines-agent:latest agent-image

# Step 8, the pipelines: copy this folder into your repository
  $PIPELINES

Running it again writes the same again. New rights take up to ten minutes to take effect everywhere.
END
