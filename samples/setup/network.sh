# shellcheck shell=bash
# A network with two subnets: one for the agents, which has a way out, and one for what they deploy to. What could lose
# something by being created again is looked for first.

say "Network"

# The only way out that Azure supports for container groups in a subnet is a NAT gateway.
run az network public-ip create --resource-group "$NETWORK_GROUP" --name pip-agents --location "$LOCATION" \
  --sku Standard --allocation-method Static
run az network nat gateway create --resource-group "$NETWORK_GROUP" --name nat-agents --location "$LOCATION" \
  --public-ip-addresses pip-agents

make_security_group() {
  exists az network nsg show --resource-group "$NETWORK_GROUP" --name "$1" ||
    run az network nsg create --resource-group "$NETWORK_GROUP" --name "$1" --location "$LOCATION"
}
make_rule() {
  local security_group=$1 name=$2 priority=$3 access=$4 source=$5 ports=$6
  run az network nsg rule create --resource-group "$NETWORK_GROUP" --nsg-name "$security_group" --name "$name" \
    --priority "$priority" --direction Inbound --access "$access" --protocol '*' \
    --source-address-prefixes "$source" --destination-port-ranges "$ports"
}
# Nobody calls an agent: all it does starts at itself. Only Azure does, for the log and the console in the portal.
make_security_group nsg-agents
make_rule nsg-agents allow-portal 100 Allow '*' 19390
make_rule nsg-agents deny-all 4096 Deny '*' '*'
# Only the agents reach what is in the workload subnet.
make_security_group nsg-workload
make_rule nsg-workload allow-agents 100 Allow "$AGENTS_PREFIX" 443
make_rule nsg-workload deny-all 4096 Deny '*' '*'

if ! exists az network vnet show --resource-group "$NETWORK_GROUP" --name "$VNET"; then
  run az network vnet create --resource-group "$NETWORK_GROUP" --name "$VNET" --location "$LOCATION" \
    --address-prefixes "$VNET_PREFIX"
fi
make_subnet() {
  local name=$1
  shift
  exists az network vnet subnet show --resource-group "$NETWORK_GROUP" --vnet-name "$VNET" --name "$name" ||
    run az network vnet subnet create --resource-group "$NETWORK_GROUP" --vnet-name "$VNET" --name "$name" "$@"
}
# The rules of a security group count for private endpoints only where the subnet says so.
make_subnet "$WORKLOAD_SUBNET" --address-prefixes "$WORKLOAD_PREFIX" --network-security-group nsg-workload \
  --private-endpoint-network-policies NetworkSecurityGroupEnabled
# Delegated to container instances, the subnet can hold nothing else.
make_subnet "$AGENTS_SUBNET" --address-prefixes "$AGENTS_PREFIX" --network-security-group nsg-agents \
  --nat-gateway nat-agents --delegations Microsoft.ContainerInstance/containerGroups
