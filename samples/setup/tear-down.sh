#!/usr/bin/env bash
# Takes away all that set-up.sh made, with everything that is in its resource groups by now. Running it again changes
# nothing. Takes --dry-run, which only prints the commands. Registered providers stay registered.
# shellcheck source=samples/setup/commands.sh
source "$(dirname "${BASH_SOURCE[0]}")/commands.sh"

# Takes away the rights that were given in a resource group, and the group.
delete_group() {
  local whose assignment assignments
  whose=$(whose_group "$1")
  case $whose in
    foreign) echo "The resource group $1 is not of this set-up and stays." >&2 ;;
    ours)
      assignments=$(az role assignment list --all --fill-principal-name false --fill-role-definition-name false \
        --query "[?scope=='$(group_id "$1")' || starts_with(scope, '$(group_id "$1")/')].id" \
        --only-show-errors --output tsv)
      for assignment in $assignments; do run az role assignment delete --ids "$assignment"; done
      ;;
  esac
  if [[ $whose == ours ]] || $dry_run; then run az group delete --name "$1" --yes; fi
}

# The agents first: a network that they are in cannot be deleted.
say "Resource groups"
for group in "$AGENTS_GROUP" "$NETWORK_GROUP" "$PLATFORM_GROUP"; do delete_group "$group"; done

say "Roles"
delete_role "Ephemeral Agents Container Groups"
delete_role "Ephemeral Agents Network"
delete_role "Ephemeral Agents Standby Provider"
delete_role "Ephemeral Agents Standby Pool"
