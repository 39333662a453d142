#!/usr/bin/env bash
# Keeps agents ready in a standby pool: a profile whose containers wait, its key pair, the pool, and the rights. Runs after
# set-up.sh, and again whenever the image, the size or the start script changes; otherwise running it again changes nothing.
# Takes --dry-run, which only prints the commands. What it makes is in variables.sh. Needs openssl.
here=$(dirname "${BASH_SOURCE[0]}")
# shellcheck source=samples/setup/commands.sh
source "$here/commands.sh"
scripts=$here/../../agent-image

if [[ -z $SERVICE_PRINCIPAL_OBJECT_ID ]]; then
  echo "Set SERVICE_PRINCIPAL_OBJECT_ID in variables.sh: the object id of the service connection's principal." >&2
  exit 2
fi
for name in entrypoint.sh standby.sh; do
  [[ -r $scripts/$name ]] || {
    echo "The start script $scripts/$name is missing: copy the folder agent-image beside samples." >&2
    exit 2
  }
done

agents_id=$(group_id "$AGENTS_GROUP")
vnet_id="$(group_id "$NETWORK_GROUP")/providers/Microsoft.Network/virtualNetworks/$VNET"
profile="$agents_id/providers/Microsoft.ContainerInstance/containerGroupProfiles/$STANDBY_POOL"
pool="$agents_id/providers/Microsoft.StandbyPool/standbyContainerGroupPools/$STANDBY_POOL"
profile_api=2024-05-01-preview pool_api=2025-03-01

say "Resource provider"
[[ $(ask Registered az provider show --namespace Microsoft.StandbyPool --query registrationState) == Registered ]] ||
  run az provider register --namespace Microsoft.StandbyPool --wait

say "Rights"
# The pool's container groups are made by Azure's own principal. It is there once the provider is registered.
provider=$(ask STANDBY-PROVIDER-OBJECT-ID az ad sp list --display-name "Standby Pool Resource Provider" --query '[0].id')
make_role "Ephemeral Agents Network" network
make_role "Ephemeral Agents Standby Provider" standby-provider
make_role "Ephemeral Agents Standby Pool" standby-pool
assign "$provider" "Ephemeral Agents Standby Provider" "$agents_id"
assign "$provider" "Ephemeral Agents Network" "$vnet_id"
assign "$SERVICE_PRINCIPAL_OBJECT_ID" "Ephemeral Agents Standby Pool" "$agents_id"

say "Profile"
# A body is never printed nor an argument: the private key is in it.
body=$(umask 077 && mktemp)
trap 'rm -f "$body"' EXIT

encoded() { openssl base64 -A; }

registry_credentials() {
  [[ -z $STANDBY_REGISTRY_PASSWORD ]] || printf '"imageRegistryCredentials": [{ "server": "%s", "username": "%s", "password": "%s" }],' \
    "${STANDBY_IMAGE%%/*}" "$STANDBY_REGISTRY_USERNAME" "$STANDBY_REGISTRY_PASSWORD"
}

# The private key goes into a secret volume, which Azure shows to nobody, and is kept nowhere else.
profile_body() {
  local key public_key
  key=$(openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:3072 2>/dev/null)
  public_key=$(openssl pkey -pubout -outform DER <<<"$key" | encoded)
  cat <<END
{
  "location": "$LOCATION",
  "tags": { "created-by": "$MARK", "made-of": "$made_of" },
  "properties": {
    "osType": "Linux",
    "restartPolicy": "Never",
    $(registry_credentials)
    "containers": [{
      "name": "agent",
      "properties": {
        "image": "$STANDBY_IMAGE",
        "command": ["/bin/bash", "/mnt/ephemeral-agent/start/entrypoint.sh"],
        "environmentVariables": [{ "name": "EPHEMERAL_STANDBY_KEY", "value": "$public_key" }],
        "resources": { "requests": { "cpu": $STANDBY_CPU, "memoryInGB": $STANDBY_MEMORY } },
        "volumeMounts": [
          { "name": "ephemeral-agent", "mountPath": "/mnt/ephemeral-agent/start" },
          { "name": "ephemeral-state", "mountPath": "/mnt/ephemeral-state" }
        ]
      }
    }],
    "volumes": [
      { "name": "ephemeral-agent", "secret": {
        "entrypoint.sh": "$(encoded <"$scripts/entrypoint.sh")",
        "standby.sh": "$(encoded <"$scripts/standby.sh")",
        "standby.pem": "$(encoded <<<"$key")"
      } },
      { "name": "ephemeral-state", "emptyDir": {} }
    ]
  }
}
END
}

# What a profile is made of, besides its key and the password: while that stays, so does the profile.
made_of=$({ cat "$scripts/entrypoint.sh" "$scripts/standby.sh" &&
  printf '%s\n' "$STANDBY_IMAGE" "$STANDBY_CPU" "$STANDBY_MEMORY" "$STANDBY_REGISTRY_USERNAME"; } |
  openssl dgst -sha256 -r)
made_of=${made_of%% *}
now=''
if exists az rest --method get --url "$profile?api-version=$profile_api"; then
  now=$(az rest --method get --url "$profile?api-version=$profile_api" --query 'tags."made-of"' --only-show-errors --output tsv)
fi
if [[ $now != "$made_of" || -n $STANDBY_ROTATE ]]; then
  $dry_run || profile_body >"$body"
  run az rest --method put --url "$profile?api-version=$profile_api" --body "@$($dry_run && echo PROFILE.json || echo "$body")"
fi

say "Standby pool"
revision=$(ask REVISION az rest --method get --url "$profile?api-version=$profile_api" --query properties.revision)
wanted="$STANDBY_READY $revision"
now=''
if exists az rest --method get --url "$pool?api-version=$pool_api"; then
  now=$(az rest --method get --url "$pool?api-version=$pool_api" --only-show-errors --output tsv --query \
    "join(' ', [to_string(properties.elasticityProfile.maxReadyCapacity), to_string(properties.containerGroupProperties.containerGroupProfile.revision)])")
fi
if [[ $now != "$wanted" ]]; then
  run az rest --method put --url "$pool?api-version=$pool_api" --body "{ \"location\": \"$LOCATION\", \"properties\": {
    \"elasticityProfile\": { \"maxReadyCapacity\": $STANDBY_READY, \"refillPolicy\": \"always\" },
    \"containerGroupProperties\": {
      \"containerGroupProfile\": { \"id\": \"$profile\", \"revision\": $revision },
      \"subnetIds\": [{ \"id\": \"$vnet_id/subnets/$AGENTS_SUBNET\" }] } } }"
fi

if $dry_run; then exit; fi
cat <<END

Done. Add this to the inputs of the task, or to 'agent' of the template:

  standbyPool: $STANDBY_POOL

The first agent waits in a minute or two. While it waits it costs what a running container costs: docs/standby.md.
END
