# shellcheck shell=bash
# How the scripts of this folder run commands: one after the other, or only printed with --dry-run.

set -euo pipefail

dry_run=false
case "${1:-}" in
  '') ;;
  --dry-run) dry_run=true ;;
  *)
    echo "Usage: $0 [--dry-run]" >&2
    exit 2
    ;;
esac

# Printed commands leave open what only Azure knows, so that nothing at all is asked. What is made of the subscription's
# id is left open, too: a name made of anything else would be one that nobody is going to have.
if $dry_run; then
  [[ -n ${SUBSCRIPTION_ID:-} ]] || : "${SUBSCRIPTION_NUMBER:=NUMBER}"
  : "${SUBSCRIPTION_ID:=SUBSCRIPTION-ID}" "${SERVICE_PRINCIPAL_OBJECT_ID:=OBJECT-ID}"
fi

# shellcheck source=samples/setup/variables.sh
source "$(dirname "${BASH_SOURCE[0]}")/variables.sh"

# Marks the resource groups that the set-up made. Tearing down leaves any other alone.
readonly MARK=ephemeral-agents-setup

say() { printf '\n# %s\n' "$*"; }

# A command in the form in which a shell takes it.
print_command() {
  local word
  printf '%s' "$1"
  shift
  for word in "$@"; do
    if [[ $word =~ ^[A-Za-z0-9_./:@=,+-]+$ ]]; then printf ' %s' "$word"; else printf " '%s'" "${word//\'/\'\\\'\'}"; fi
  done
  printf '\n'
}

# Runs a command that changes something.
run() {
  print_command "$@"
  $dry_run || "$@" --only-show-errors --output none
}

# Whether there is what a command shows. Only "not found" means no: without rights or a network, the script ends here.
exists() {
  $dry_run && return 1
  local problem
  if problem=$("$@" --only-show-errors --output none 2>&1); then return 0; fi
  case "$problem" in
    *NotFound* | *'not found'* | *'could not be found'*) return 1 ;;
  esac
  printf '%s\n' "$problem" >&2
  exit 1
}

# Prints what a command answers; its placeholder with --dry-run.
ask() {
  local placeholder=$1
  shift
  if $dry_run; then echo "$placeholder"; else "$@" --only-show-errors --output tsv; fi
}

# Whether a resource group is there: "ours", "foreign" or "none".
whose_group() {
  local tags
  if $dry_run || ! exists az group show --name "$1"; then
    echo none
    return
  fi
  tags=$(az group show --name "$1" --query 'tags."created-by"' --only-show-errors --output tsv)
  if [[ $tags == "$MARK" ]]; then echo ours; else echo foreign; fi
}

# Makes a resource group and marks it. One that somebody else made is refused, for tearing down would delete it.
make_group() {
  local whose
  whose=$(whose_group "$1")
  case $whose in
    none) run az group create --name "$1" --location "$LOCATION" --tags "created-by=$MARK" ;;
    foreign)
      echo "The resource group $1 is there already and not of this set-up. Choose another name in variables.sh." >&2
      exit 1
      ;;
  esac
}

# Lets a principal have a role. Assigning it again changes nothing.
assign() {
  local principal=$1 role=$2 scope=$3
  run az role assignment create --assignee-object-id "$principal" --assignee-principal-type ServicePrincipal \
    --role "$role" --scope "$scope"
}

# Makes a role, or brings one of an earlier version up to date.
make_role() {
  local name=$1 file=$2 definition verb=create
  definition=$(sed "s/SUBSCRIPTION_ID/$SUBSCRIPTION_ID/" "$(dirname "${BASH_SOURCE[0]}")/../roles/$file.json")
  [[ -z $(ask '' az role definition list --name "$name" --query '[].name') ]] || verb=update
  run az role definition "$verb" --role-definition "$definition"
}
# Deletes a role that nobody has any more: it may serve other subscriptions and other agents.
delete_role() {
  local found users
  if ! $dry_run; then
    found=$(ask '' az role definition list --name "$1" --query '[].name')
    [[ -n $found ]] || return 0
    # Not --role: together with --all, the Azure CLI (2.91) ends with "No value for given attribute".
    users=$(ask '' az role assignment list --all --fill-principal-name false --fill-role-definition-name false \
      --query "[?ends_with(roleDefinitionId, '$found')].id")
    if [[ -n $users ]]; then
      echo "The role $1 stays, for others have it."
      return 0
    fi
  fi
  run az role definition delete --name "$1"
}

# Takes a role away from everybody whom this set-up gave it, and deletes it where nobody else has it.
take_role() {
  local found assignment assignments
  if ! $dry_run; then
    found=$(ask '' az role definition list --name "$1" --query '[].name')
    [[ -n $found ]] || return 0
    assignments=$(az role assignment list --all --fill-principal-name false --fill-role-definition-name false \
      --query "[?ends_with(roleDefinitionId, '$found') && starts_with(scope, '$2')].id" --only-show-errors --output tsv)
    for assignment in $assignments; do run az role assignment delete --ids "$assignment"; done
  fi
  delete_role "$1"
}

group_id() { echo "/subscriptions/$SUBSCRIPTION_ID/resourceGroups/$1"; }

$dry_run || az account set --subscription "$SUBSCRIPTION_ID"
