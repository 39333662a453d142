# shellcheck shell=bash disable=SC2154  # the identity comes from registry.sh
# A storage account without a public address: a private endpoint in the workload subnet is all there is to reach it,
# and the security group of that subnet lets in the agents only.

say "Private storage account"

run az storage account create --resource-group "$PLATFORM_GROUP" --name "$STORAGE_ACCOUNT" --location "$LOCATION" \
  --sku Standard_LRS --kind StorageV2 --min-tls-version TLS1_2 --public-network-access Disabled \
  --allow-blob-public-access false --allow-shared-key-access false
storage_id="$(group_id "$PLATFORM_GROUP")/providers/Microsoft.Storage/storageAccounts/$STORAGE_ACCOUNT"

# container-rm goes by way of Azure Resource Manager; the account itself cannot be reached from here.
run az storage container-rm create --storage-account "$storage_id" --name "$STORAGE_CONTAINER"

subnet_id="$(group_id "$NETWORK_GROUP")/providers/Microsoft.Network/virtualNetworks/$VNET/subnets/$WORKLOAD_SUBNET"
run az network private-endpoint create --resource-group "$NETWORK_GROUP" --name pe-storage --location "$LOCATION" \
  --subnet "$subnet_id" --private-connection-resource-id "$storage_id" --group-id blob --connection-name storage

# Inside the network, the account's public name leads to the private endpoint.
readonly ZONE=privatelink.blob.core.windows.net
run az network private-dns zone create --resource-group "$NETWORK_GROUP" --name "$ZONE"
run az network private-dns link vnet create --resource-group "$NETWORK_GROUP" --zone-name "$ZONE" --name "$VNET" \
  --virtual-network "$VNET" --registration-enabled false
run az network private-endpoint dns-zone-group create --resource-group "$NETWORK_GROUP" \
  --endpoint-name pe-storage --name default --private-dns-zone "$ZONE" --zone-name blob

assign "$identity_principal" "Storage Blob Data Contributor" \
  "$storage_id/blobServices/default/containers/$STORAGE_CONTAINER"
