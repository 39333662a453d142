# shellcheck shell=bash disable=SC2034  # what it finds out is read by the scripts after it
# A registry for the agent's image, and the identity that the agents have, which may pull from it.

say "Registry and identity"

run az acr create --resource-group "$PLATFORM_GROUP" --name "$REGISTRY" --location "$LOCATION" --sku Basic \
  --admin-enabled false
registry_id="$(group_id "$PLATFORM_GROUP")/providers/Microsoft.ContainerRegistry/registries/$REGISTRY"
registry_server=$(ask LOGIN-SERVER az acr show --resource-group "$PLATFORM_GROUP" --name "$REGISTRY" --query loginServer)

run az identity create --resource-group "$PLATFORM_GROUP" --name "$IDENTITY" --location "$LOCATION"
identity_id="$(group_id "$PLATFORM_GROUP")/providers/Microsoft.ManagedIdentity/userAssignedIdentities/$IDENTITY"
identity_principal=$(ask IDENTITY-OBJECT-ID az identity show --resource-group "$PLATFORM_GROUP" --name "$IDENTITY" \
  --query principalId)
assign "$identity_principal" AcrPull "$registry_id"
