# shellcheck shell=bash disable=SC2154  # the identity comes from registry.sh
# What the service connection may do: the two roles of samples/roles, and giving the agents their identity.

say "Rights of the service connection"

make_role "Ephemeral Agents Container Groups" container-groups
make_role "Ephemeral Agents Network" network

vnet_id="$(group_id "$NETWORK_GROUP")/providers/Microsoft.Network/virtualNetworks/$VNET"
assign "$SERVICE_PRINCIPAL_OBJECT_ID" "Ephemeral Agents Container Groups" "$(group_id "$AGENTS_GROUP")"
assign "$SERVICE_PRINCIPAL_OBJECT_ID" "Ephemeral Agents Network" "$vnet_id"
assign "$SERVICE_PRINCIPAL_OBJECT_ID" "Managed Identity Operator" "$identity_id"
