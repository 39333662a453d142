#!/usr/bin/env bash
# Makes a container one Azure Pipelines agent for exactly one job. The task mounts this script with the files of an agent
# that it has registered. Without such files, and with AZP_URL, `standalone.sh` beside it registers the agent.
# The image brings bash, coreutils, tar, curl or wget, and whatever the agent and the job need.
# It always exits 0: a container that ends otherwise may be started again by the platform. When that happens anyway, the
# state folder says whether a job has been here, and a second one is refused.
set -u
trap finish EXIT

by=task token='' listener='' stopping=''
start_files=$(cd "$(dirname "$0")" && pwd)
root=${EPHEMERAL_AGENT_ROOT:-/azp}
state=${EPHEMERAL_STATE:-/mnt/ephemeral-state}
declare -A proxy=() setting=(
  [AGENT_PACKAGE_URL]='' [AGENT_PACKAGE_SHA256]='' [AGENT_PACKAGE_FILE]='' [IDLE_SECONDS]=3600 [LIFETIME_SECONDS]=21600
  [KEEP_ENVIRONMENT]='' [FINISH_GRACE_SECONDS]=60 [STOP_GRACE_SECONDS]=30 [UPDATE_SECONDS]=20 [RETRY_SECONDS]=3
)

say() { printf '%s\n' "$*"; }
now() { printf '%(%s)T' -1; }
give_up() {
  say "$*"
  exit 0
}
# Reads from a pipe that never fills: a sleep process could outlive this one and hold its output open.
exec {silence}<> <(:)
pause() { read -r -t "$1" -u "$silence" || true; }

# What a process was started with stays readable in /proc for as long as it runs, and the agent would hand it to every
# job. So this one begins again without its secrets; the token comes to it through a pipe.
drop_secrets() {
  local entry name without=()
  if [[ -n ${EPHEMERAL_TOKEN_FROM:-} ]]; then
    IFS= read -r -d '' -u "$EPHEMERAL_TOKEN_FROM" token
    exec {EPHEMERAL_TOKEN_FROM}<&-
    return
  fi
  while IFS= read -r -d '' entry; do
    name=${entry%%=*}
    # Somebody wants the job to have these, whatever their names. Nobody can want that of the token.
    [[ $name == AZP_TOKEN || ,${setting[KEEP_ENVIRONMENT]}, != *,"$name",* ]] || continue
    case ${name^^} in
      # The task has copies of the next two lists in EphemeralAgentTask/src/secret-names.ts. A test compares them.
      AZP_TOKEN_FILE | EPHEMERAL_*) ;;
      PWD | OLDPWD | BYPASS | *_BYPASS) ;;
      *TOKEN* | *SECRET* | *PASSW* | *PASSPHRASE* | *PASS | *PASS_* | *_PWD | *CREDENTIAL* | *CONN*STR* | *_AUTH | *_AUTH_* | \
        *KEY | *_KEY_* | *_PAT | *_SAS | *_JWT | *_PEM | *_PFX | *_P12 | *_DSN | *DATABASE_UR[IL] | *DB_UR[IL] | \
        *MONGO*_UR[IL] | *POSTGRES*_UR[IL] | *MYSQL_UR[IL] | *REDIS*_UR[IL] | *AMQP*_UR[IL] | *RABBITMQ*_UR[IL])
        say "The variable $name is not handed to the agent, because its name tells of a secret."
        without+=(-u "$name")
        ;;
    esac
  done < <(env -0)
  token=${AZP_TOKEN:-}
  [[ -n $token || ! -r ${AZP_TOKEN_FILE:-} ]] || token=$(<"$AZP_TOKEN_FILE")
  ((${#without[@]} > 0)) || [[ -n $token ]] || return
  exec {silence}>&-
  exec env "${without[@]}" EPHEMERAL_TOKEN_FROM=9 "$BASH" "$0" 9< <(printf '%s\0' "$token")
}

set_value() {
  [[ $1 != *_SECONDS || $2 =~ ^(0|[1-9][0-9]*)$ ]] || give_up "$1 is not a number of seconds."
  setting[$1]=$2
}

read_start_files() {
  local name line
  for name in agent.json credentials.json rsaparams.json start.env; do
    [[ -r $start_files/$name ]] ||
      give_up "The start file $name is missing or may not be read by user $(id -u), and AZP_URL is not set."
  done
  while IFS= read -r line || [[ -n $line ]]; do
    name=${line%%=*}
    [[ -z $name || -z ${setting[$name]+known} ]] || set_value "$name" "${line#*=}"
  done <"$start_files/start.env"
  [[ -r $start_files/proxy.env ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do proxy[${line%%=*}]=${line#*=}; done <"$start_files/proxy.env"
}

# Adds to what the image trusts. Programs differ in where they look; Node takes its own authorities besides.
trust_authorities() {
  local bundle=$state/authorities.pem variable
  [[ -r $start_files/ca.pem ]] || return 0
  cat /etc/ssl/certs/ca-certificates.crt "$start_files/ca.pem" >"$bundle" 2>/dev/null
  chmod 644 "$bundle"
  for variable in SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS; do
    export "$variable=$bundle"
  done
}

open_state() {
  if ! { mkdir -p "$state" && [[ -w $state ]]; } 2>/dev/null; then
    say "The state folder $state cannot be written, so a restart of the container would not be noticed."
    state=$(mktemp -d) && chmod 755 "$state"
  fi
  # An emptyDir may be written by everybody, and the job must not take these marks away.
  chmod 755 "$state" 2>/dev/null
  diag=$state/diag
  mkdir -p "$diag"
  ! job_started || give_up "A job has already been given to this container. No second one is taken."
  [[ -s $state/first-start ]] || now >"$state/first-start"
  first_start=$(<"$state/first-start")
  [[ $first_start =~ ^[1-9][0-9]*$ ]] || first_start=$(now)
  (($(now) - first_start < setting[LIFETIME_SECONDS])) || give_up "The container's time is over. Nothing is started."
}

# The worker's log appears with the first job; the mark stays even if that job cleans the logs away.
job_started() {
  [[ -e $state/job-started ]] && return
  compgen -G "$diag/Worker_*.log" >/dev/null && : >"$state/job-started"
}

choose_user() {
  user='' switch=none
  ((EUID == 0)) || return
  user=${AGENT_USER:-agent}
  group=$(id -g "$user" 2>/dev/null)
  if setpriv --reuid "$user" --regid "$group" --init-groups true 2>/dev/null; then
    switch=setpriv
  elif su -s "$BASH" -c true "$user" 2>/dev/null; then
    switch=su
  elif [[ -n ${AGENT_USER:-} ]]; then
    give_up "The agent cannot run as AGENT_USER says: the image has no user $user, or neither setpriv nor su."
  else
    say "The image has no user 'agent' to change to, so the agent runs as root."
    user=''
  fi
}

# Replaces the shell it is called in, so that a signal sent to that shell's process reaches the command.
as_user() {
  exec {silence}>&-
  case $switch in
    setpriv) exec setpriv --reuid "$user" --regid "$group" --init-groups "$@" ;;
    su) exec su -s "$BASH" -c "exec $(printf '%q ' "$@")" "$user" ;;
    *) exec "$@" ;;
  esac
}

prepare_agent() {
  agent=$root/agent
  if [[ -x $agent/bin/Agent.Listener && -w $agent ]]; then
    say "The image brings the agent in $agent."
    # Only the top: changing the owner of every file would copy them all into the container's layer.
    [[ -z $user ]] || chown -h "$user" "$agent" "$agent"/* "$agent"/.[!.]* 2>/dev/null
  else
    { mkdir -p "$root" && [[ -w $root ]]; } 2>/dev/null || agent=$state/agent
    [[ -x $agent/bin/Agent.Listener ]] || download_agent
  fi
  agent=$(cd -P "$agent" && pwd)
  [[ -z $user ]] || chown "$user" "$diag"
}

download_agent() {
  local package actual attempt expected=${setting[AGENT_PACKAGE_SHA256],,}
  local download=(curl -fsSL --connect-timeout 20 --speed-limit 1024 --speed-time 60 -o)
  command -v curl >/dev/null || download=(wget -nv -T 60 -t 1 -O)
  command -v "${download[0]}" >/dev/null || give_up "The image has neither curl nor wget to download the agent with."
  [[ -n ${setting[AGENT_PACKAGE_URL]} && $expected =~ ^[0-9a-f]{64}$ ]] ||
    give_up "The image brings no agent that could be used, and start.env names no package with its SHA-256."
  package=$(mktemp)
  for attempt in 1 2 3 4 5; do
    say "Downloading the agent package ${setting[AGENT_PACKAGE_FILE]##*/} (attempt $attempt)."
    if (through_proxy "${download[@]}" "$package" "${setting[AGENT_PACKAGE_URL]}"); then
      read -r actual _ < <(sha256sum <"$package")
      [[ $actual != "$expected" ]] || break
      say "The package has the SHA-256 $actual instead of $expected and is thrown away."
    fi
    ((attempt < 5)) || give_up "The agent package could not be downloaded."
    pause "${setting[RETRY_SECONDS]}"
  done
  rm -rf "$agent.partial" "$agent"
  mkdir -p "$agent.partial"
  [[ -z $user ]] || chown "$user" "$agent.partial"
  (as_user tar -xzo -C "$agent.partial" <"$package") || give_up "The agent package could not be unpacked."
  [[ -x $agent.partial/bin/Agent.Listener ]] || give_up "The agent package holds no bin/Agent.Listener."
  mv "$agent.partial" "$agent"
  rm -f "$package"
}

# Becomes the command. The environment of a process is for nobody but its own user to read, unlike its arguments.
through_proxy() {
  local url=${proxy[VSTS_HTTP_PROXY]-} login=${proxy[VSTS_HTTP_PROXY_USERNAME]-}
  [[ -z $login ]] || login=$(percent_encoded "$login"):$(percent_encoded "${proxy[VSTS_HTTP_PROXY_PASSWORD]-}")@
  [[ -z $url ]] || export https_proxy="${url/:\/\//:\/\/$login}" http_proxy="${url/:\/\//:\/\/$login}" no_proxy="${proxy[no_proxy]-}"
  exec "$@"
}

percent_encoded() {
  local LC_ALL=C index letter
  for ((index = 0; index < ${#1}; index++)); do
    letter=${1:index:1}
    if [[ $letter == [a-zA-Z0-9._~-] ]]; then printf %s "$letter"; else printf '%%%02X' "'$letter"; fi
  done
}

place_credentials() {
  local pair owner=()
  [[ -z $user ]] || owner=(-o "$user")
  for pair in agent.json:.agent credentials.json:.credentials rsaparams.json:.credentials_rsaparams; do
    install -m 0600 "${owner[@]}" "$start_files/${pair%%:*}" "$agent/${pair##*:}" ||
      give_up "The agent's file ${pair##*:} could not be written."
  done
  [[ -z $user ]] || close_to_others "$start_files" "$start_files"/*
}

# A read-only mount keeps its modes; then the folder around it is closed, if that holds nothing else.
close_to_others() {
  local around
  chmod go-rwx "$@" 2>/dev/null && return
  around=$(dirname "$1")
  [[ $(ls -A "$around") == "${1##*/}" ]] && chmod 700 "$around" 2>/dev/null
}

# The agent hands its environment to every job and shows it as capabilities in the pool.
choose_environment() {
  local entry name
  environment=(env)
  while IFS= read -r -d '' entry; do
    name=${entry%%=*}
    case ${name^^} in
      EPHEMERAL_* | AGENT_USER | VSTS_AGENT_INPUT_* | AZP_URL | AZP_POOL | AZP_AGENT_NAME | AZP_WORK | AZP_TOKEN_FILE | \
        AZ_ACI_NAME | AZ_ACI_RG | AZ_SUBSCRIPTION_ID | AZ_MANAGED_IDENTITY | AZ_CLOUD | AZ_RESOURCE_MANAGER)
        environment+=(-u "$name")
        ;;
    esac
  done < <(env -0)
  environment+=("AGENT_DIAGLOGPATH=$diag" "WORKER_DIAGLOGPATH=$diag")
  [[ -z $user ]] || environment+=("USER=$user" "LOGNAME=$user" "HOME=$(eval "printf %s ~$user")")
}

# By the path it was started with: on a machine with several containers' processes, only this one's counts.
worker_alive() {
  local file words
  for file in /proc/[0-9]*/cmdline; do
    words=()
    { mapfile -t -d '' -n 2 words <"$file"; } 2>/dev/null
    [[ ${words[*]} == *"$agent"/bin*/Agent.Worker* ]] && return
  done
  return 1
}

# Runs beside the listener, in a process of its own, until one of the limits is reached.
watch_listener() {
  local time worker=never gone=0 waited
  while pause 1; do
    time=$(now)
    if worker_alive; then
      worker=here
      : >"$state/job-started"
    elif [[ $worker == here ]]; then
      worker=gone gone=$time
    fi
    if ((time - first_start >= setting[LIFETIME_SECONDS])); then
      say "The container has had its ${setting[LIFETIME_SECONDS]} seconds. The listener is being ended."
    elif [[ $worker == gone ]] && ((time - gone >= setting[FINISH_GRACE_SECONDS])); then
      say "The job ended $((time - gone)) seconds ago, but the listener stays. It is being ended."
    elif [[ $worker == never ]] && ! job_started && ((time - first_start >= setting[IDLE_SECONDS])); then
      say "No job came within ${setting[IDLE_SECONDS]} seconds. The listener is being ended."
    else
      continue
    fi
    kill -TERM "$listener"
    for ((waited = 0; waited < setting[STOP_GRACE_SECONDS]; waited++)); do pause 1; done
    kill -KILL "$listener"
  done 2>/dev/null
}

pass_on_stop() {
  stopping=yes interrupted=yes
  [[ -n $listener ]] || give_up "The container is asked to stop before the agent was started."
  say "The container is asked to stop. The listener is told so."
  kill -TERM "$listener" 2>/dev/null
  # A process that has just been forked may lose its first signal.
  { pause 1 && kill -TERM "$listener"; } 2>/dev/null &
}

# Not as arguments, which everybody sees; and the proxy's password shall not become a capability of the pool.
export_proxy() {
  local name
  for name in "${!proxy[@]}"; do export "$name=${proxy[$name]}"; done
  ((${#proxy[@]} == 0)) || export VSO_AGENT_IGNORE="${VSO_AGENT_IGNORE:+$VSO_AGENT_IGNORE,}VSTS_HTTP_PROXY_USERNAME,VSTS_HTTP_PROXY_PASSWORD"
}

run_listener() {
  local watcher
  say "Starting the listener for one job."
  {
    export_proxy
    as_user "${environment[@]}" "$agent/bin/Agent.Listener" run --once
  } &
  listener=$!
  watch_listener &
  watcher=$!
  interrupted=yes
  while [[ -n $interrupted ]]; do
    interrupted=''
    wait "$listener" 2>/dev/null
    code=$?
  done
  { kill "$watcher" && wait "$watcher"; } 2>/dev/null
  say "The listener ended with exit code $code."
}

finish() {
  # A child that has just been forked may still have this trap.
  [[ $BASHPID == "$$" ]] || exit
  set +e
  trap '' TERM INT
  ! declare -F clean_up >/dev/null || clean_up
  exit 0
}

listener_file() { stat -L -c %d:%i "$agent/bin/Agent.Listener" 2>/dev/null; }

# A script of the agent's own exchanges the files after the listener has ended, as `run.sh` of the agent awaits too.
await_update() {
  local waited
  say "The agent is updating itself."
  for ((waited = 0; waited < setting[UPDATE_SECONDS]; waited++)); do
    pause 1
    [[ -z $stopping ]] || return
    [[ -x $agent/bin/Agent.Listener && $(listener_file) != "$1" ]] && break
  done
  [[ -x $agent/bin/Agent.Listener ]] || give_up "The update left no agent behind."
  pause 1 # `externals` follows `bin`.
}

trap pass_on_stop TERM INT
[[ -e $start_files/agent.json || -z ${AZP_URL:-} ]] || by=container
if [[ $by == container ]]; then
  # shellcheck source-path=SCRIPTDIR source=standalone.sh
  source "$start_files/standalone.sh" || give_up "AZP_URL is set, but there is no standalone.sh beside this script."
  read_variables
else
  read_start_files
fi
drop_secrets
open_state
trust_authorities
choose_user
prepare_agent
choose_environment
if [[ $by == task ]]; then place_credentials; else register; fi
cd "$agent" || give_up "The folder $agent cannot be entered."
for updates in 0 1 2 3; do
  before=$(listener_file)
  run_listener
  # 3 and 4 mean that the agent updates itself and wants to be started again.
  [[ -z $stopping && $code == [34] ]] || break
  ! job_started || give_up "A job has been given to this agent. It is not started again."
  ((updates < 3)) || give_up "The agent has updated itself three times. It is not started again."
  await_update "$before"
  [[ -z $stopping ]] || give_up "The updated agent is not started any more."
done
say "The container ends."
