#!/usr/bin/env bash
# shellcheck disable=SC2154 # Read by `entrypoint.sh`, whose variables and functions these are.
# Registration by the container, as older images have it: AZP_URL, AZP_POOL, AZP_AGENT_NAME, AZP_WORK and AZP_TOKEN or
# AZP_TOKEN_FILE say how. In the end the container unregisters its agent. With AZ_ACI_NAME, AZ_ACI_RG and
# AZ_SUBSCRIPTION_ID it then deletes its own group, as the managed identity that the group has.
record=''

read_variables() {
  local name variable
  setting+=([UNREGISTER_SECONDS]=900 [LINGER_SECONDS]=60 [REGISTER_SECONDS]=300)
  for name in "${!setting[@]}"; do
    variable=EPHEMERAL_$name
    [[ -z ${!variable+given} ]] || set_value "$name" "${!variable}"
  done
}

# What the job does not get. Other images know the last six, too; without a group to delete they are the job's.
is_own_of_registration() {
  case ${1^^} in
    AZP_URL | AZP_POOL | AZP_AGENT_NAME | AZP_WORK | AZP_TOKEN | AZP_TOKEN_FILE) ;;
    AZ_ACI_NAME | AZ_ACI_RG | AZ_SUBSCRIPTION_ID | AZ_MANAGED_IDENTITY | AZ_CLOUD | AZ_RESOURCE_MANAGER) deletes_own_group ;;
    *) return 1 ;;
  esac
}

deletes_own_group() { [[ -n ${AZ_ACI_NAME:-} && -n ${AZ_ACI_RG:-} && -n ${AZ_SUBSCRIPTION_ID:-} ]]; }

# A record of the same name that this container did not make is never replaced: it may be somebody else's.
register() {
  local name=${AZP_AGENT_NAME:-$HOSTNAME}
  [[ -n $token ]] || give_up "Neither AZP_TOKEN nor a readable AZP_TOKEN_FILE has a token to register the agent with."
  hide_token_file
  if [[ -s $state/record ]]; then
    say "The container was started before. Its agent's record is made anew."
    record=$(<"$state/record")
    set -m
    delete_record once &
    set +m
    attend "The deletion of the record" $! || give_up "The record of the first start cannot be deleted. Nothing is started."
    record=''
  fi
  set -m
  reach_organization &
  set +m
  attend "The look for the organization" $! || [[ -z $asked ]] || exit
  # A relative one is in the agent's folder, where the agent makes it.
  [[ ${AZP_WORK:-} != /* ]] || install -d ${user:+-o "$user"} "$AZP_WORK"
  say "Registering the agent $name in pool ${AZP_POOL:-Default} of $AZP_URL."
  rm -f "$agent"/.agent "$agent"/.credentials*
  set -m
  configure "$name" &
  set +m
  # Broken off, it could leave a record that nobody knows of.
  unbroken=yes longest=${setting[REGISTER_SECONDS]} attend "The registration" $! || {
    go_on
    give_up "The agent could not be registered."
  }
  note_record
  [[ -n $user ]] || say "The agent runs as this script's own user, so a job could look for the token in its memory."
}

reach_organization() {
  local attempt
  for attempt in {1..20}; do
    curl -sS --max-time 20 -o /dev/null "$AZP_URL" && break
    pause "${setting[RETRY_SECONDS]}"
  done
}

configure() {
  export VSTS_AGENT_INPUT_TOKEN=$token AGENT_ALLOW_RUNASROOT=1
  as_user "${environment[@]}" "$agent/config.sh" --unattended --acceptTeeEula --auth pat \
    --url "$AZP_URL" --pool "${AZP_POOL:-Default}" --agent "$1" --work "${AZP_WORK:-_work}"
}

note_record() {
  record=${AZP_URL%/}/_apis/distributedtask/pools/$(agent_setting poolId)/agents/$(agent_setting agentId)
  printf '%s\n' "$record" >"$state/record"
}

agent_setting() { [[ $(<"$agent/.agent") =~ \"$1\":\ *([0-9]+) ]] && printf %s "${BASH_REMATCH[1]}"; }

hide_token_file() {
  local file=${AZP_TOKEN_FILE:-}
  [[ -n $file && -e $file ]] || return
  [[ $file == /* ]] || file=$PWD/$file
  rm -f "$file" 2>/dev/null || close_to_others "$file" || close_to_others "${file%/*}"
  ! (as_user test -r "$file") || give_up "The job could read the token in $file, so no agent is started."
}

# Asks for one thing and gives the status as the last line. What is secret comes as a configuration through a pipe.
ask() {
  local secret=$1
  shift
  curl -sS --max-time 60 -w '\n%{http_code}\n' -K <(printf '%s\n' "$secret") "$@" 2>&1
}

# With its own words rather than the agent's `config.sh remove`: a job may have changed the agent's files.
# Fails when the record is still there. Once: does not wait for a job to end.
# Every `return` says what: in a trap, a bare one would give the status from before the trap.
delete_record() {
  local answer since
  tell_time
  since=$time
  while :; do
    answer=$(ask "user = \":$token\"" -X DELETE "$record?api-version=5.1")
    case $answer in
      *$'\n'200 | *$'\n'204 | *$'\n'404)
        say "The agent is unregistered."
        rm -f "$state/record"
        record=''
        return 0
        ;;
      *$'\n'203 | *$'\n'401 | *$'\n'403)
        say "The token may not unregister the agent (any more): status ${answer##*$'\n'}."
        return 1
        ;;
      *TaskAgentJobStillRunning*)
        say "The service says that the agent's job still runs."
        [[ -z ${1:-} ]] || return 1
        ;;
      *) say "The agent could not be unregistered: status ${answer##*$'\n'}." ;;
    esac
    tell_time
    ((time - since < setting[UNREGISTER_SECONDS])) || return 1
    pause "${setting[RETRY_SECONDS]}"
  done
}

resource_manager() {
  case ${AZ_CLOUD:-AzureCloud} in
    AzureUSGovernment) printf %s "${AZ_RESOURCE_MANAGER:-https://management.usgovcloudapi.net}" ;;
    AzureChinaCloud) printf %s "${AZ_RESOURCE_MANAGER:-https://management.chinacloudapi.cn}" ;;
    *) printf %s "${AZ_RESOURCE_MANAGER:-https://management.azure.com}" ;;
  esac
}

# The container dies of this, maybe before the answer is here. Azure asks whoever deletes a lot to wait for minutes, and
# takes as long to let a new role count: the pauses grow to a minute, ten in all.
delete_own_group() {
  local attempt answer arm identity=()
  deletes_own_group || return
  # Whoever waits for the agent reads in the log why there is none.
  [[ -n $listened ]] || pause "${setting[LINGER_SECONDS]}"
  arm=$(resource_manager)
  case ${AZ_MANAGED_IDENTITY:-true} in
    true) ;;
    false) say "Only a managed identity can delete the container group, and AZ_MANAGED_IDENTITY is false." && return ;;
    /*) identity=(--data-urlencode "msi_res_id=$AZ_MANAGED_IDENTITY") ;;
    *) identity=(--data-urlencode "client_id=$AZ_MANAGED_IDENTITY") ;;
  esac
  for attempt in {1..20}; do
    answer=$(curl -sS --noproxy '*' --max-time 20 -H 'Metadata: true' -G -d api-version=2018-02-01 \
      --data-urlencode "resource=${arm%/}/" "${identity[@]}" \
      "${AZURE_POD_IDENTITY_AUTHORITY_HOST:-http://169.254.169.254}/metadata/identity/oauth2/token" 2>&1)
    if [[ $answer =~ \"access_token\"[[:space:]]*:[[:space:]]*\"([^\"]+)\" ]]; then
      say "Deleting the container group $AZ_ACI_NAME (attempt $attempt)."
      answer=$(ask "header = \"Authorization: Bearer ${BASH_REMATCH[1]}\"" -X DELETE \
        "${arm%/}/subscriptions/$AZ_SUBSCRIPTION_ID/resourceGroups/$AZ_ACI_RG/providers/Microsoft.ContainerInstance/containerGroups/$AZ_ACI_NAME?api-version=2023-05-01")
      [[ ! $answer =~ $'\n'(20[024]|404)$ ]] || return
    fi
    say "The container group could not be deleted: ${answer%%\"access_token*}"
    pause $((setting[RETRY_SECONDS] * attempt))
  done
}

# Whatever ended the script, it leaves neither a record of its own making nor, if it was told which, its group.
clean_up() {
  if [[ -z $record && -s ${agent:-}/.agent ]]; then
    note_record
  elif [[ -z $record && -s $state/record ]]; then
    record=$(<"$state/record")
  fi
  [[ -z $record ]] || delete_record || say "The agent's record $record is left behind."
  delete_own_group
}
