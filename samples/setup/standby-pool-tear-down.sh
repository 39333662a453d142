#!/usr/bin/env bash
# Takes away what standby-pool.sh made: the pool with the agents that wait in it, the profile with its key, and the rights.
# Running it again changes nothing. Takes --dry-run, which only prints the commands.
# shellcheck source=samples/setup/commands.sh
source "$(dirname "${BASH_SOURCE[0]}")/commands.sh"

agents_id=$(group_id "$AGENTS_GROUP")
profile="$agents_id/providers/Microsoft.ContainerInstance/containerGroupProfiles/$STANDBY_POOL?api-version=2024-05-01-preview"
pool="$agents_id/providers/Microsoft.StandbyPool/standbyContainerGroupPools/$STANDBY_POOL?api-version=2025-03-01"

# The pool first: as long as it is there, it makes another container group for each that goes.
say "Standby pool and profile"
for url in "$pool" "$profile"; do
  if $dry_run || exists az rest --method get --url "$url"; then run az rest --method delete --url "$url"; fi
done

say "Rights"
for role in "Ephemeral Agents Standby Provider" "Ephemeral Agents Standby Pool"; do take_role "$role" "$agents_id"; done
