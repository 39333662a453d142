# shellcheck shell=bash disable=SC2034  # read by the scripts beside it
# What the set-up is made of. Change the values here, or set variables of the same names in the environment.

# The subscription, and the region of everything.
: "${SUBSCRIPTION_ID:=$(az account show --query id --output tsv)}"
: "${LOCATION:=westeurope}"

# The service principal of the service connection: its object id, not its application id.
#   az ad sp show --id APPLICATION-ID --query id --output tsv
: "${SERVICE_PRINCIPAL_OBJECT_ID:=}"

# Names that are looked up all over the world: five to twenty-four lower-case letters and digits, nobody else's. The
# number is always the same one for a subscription.
: "${SUBSCRIPTION_NUMBER:=$(printf '%s' "$SUBSCRIPTION_ID" | cksum | cut -d ' ' -f 1)}"
: "${REGISTRY:=shopagents$SUBSCRIPTION_NUMBER}"
: "${STORAGE_ACCOUNT:=shopdata$SUBSCRIPTION_NUMBER}"

# Three resource groups. The set-up makes them, and tearing down deletes them with all that is in them.
: "${AGENTS_GROUP:=rg-shop-agents}"     # the container groups of the agents, and nothing else
: "${NETWORK_GROUP:=rg-shop-network}"   # the virtual network and its way out
: "${PLATFORM_GROUP:=rg-shop-platform}" # the registry, the identity of the agents, the storage account

# The network. Agents have a subnet of their own; what they deploy to is in the workload subnet.
: "${VNET:=vnet-shop}"
: "${VNET_PREFIX:=10.40.0.0/16}"
: "${WORKLOAD_SUBNET:=snet-workload}"
: "${WORKLOAD_PREFIX:=10.40.1.0/24}"
: "${AGENTS_SUBNET:=snet-agents}"
: "${AGENTS_PREFIX:=10.40.2.0/24}"

# Names in Azure DevOps: the service connection of step 2 and the pool of step 6 of docs/set-up-guide.md.
: "${SERVICE_CONNECTION:=azure-private-deployments}"
: "${AGENT_POOL:=ephemeral-agents}"

# Where the finished pipelines go: a folder to copy into your repository.
: "${PIPELINES:=ephemeral-agents}"

# The standby pool of standby-pool.sh: how many agents wait, made of which image and how big. The inputs imageName, CPU and
# memory of the task must be the same. A profile pulls with a user name and a password, and with no identity.
: "${STANDBY_POOL:=agents}"
: "${STANDBY_READY:=1}"
: "${STANDBY_IMAGE:=$REGISTRY.azurecr.io/azure-pipelines-agent:latest}"
: "${STANDBY_CPU:=1}"
: "${STANDBY_MEMORY:=2}"
: "${STANDBY_REGISTRY_USERNAME:=}"
: "${STANDBY_REGISTRY_PASSWORD:=}"
: "${STANDBY_ROTATE:=}" # Anything: a new key pair and password although nothing else has changed.

# The identity that the agents have. It pulls the image and writes to the container of the storage account.
: "${IDENTITY:=id-shop-agents}"
: "${STORAGE_CONTAINER:=deployments}"
