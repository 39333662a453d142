#!/usr/bin/env bash
# Makes a container one Azure Pipelines agent for exactly one job. The task mounts this script with the files of an agent
# that it has registered. Without such files, and with AZP_URL, `standalone.sh` beside it registers the agent. With the key
# of a standby pool, `standby.sh` beside it waits for the files.
# The image brings bash, coreutils, tar, curl or wget, and whatever the agent and the job need.
# This is the container's first process. Whatever may take long is a child of it, so that it sees to the container's limits
# and to requests to stop in every phase; and no job can end it, not even one that runs as root.
# It always exits 0: a container that ends otherwise may be started again by the platform. When that happens anyway, the
# state folder says whether a job has been here, and a second one is refused.
set -u
umask 022
trap finish EXIT
trap 'stopping=yes' TERM INT

by=task standby='' token='' child='' asked='' stopping='' worker=never listened=''
start_files=${0%"${0##*/}"}
start_files=$(cd "${start_files:-.}" && pwd)
root=${EPHEMERAL_AGENT_ROOT:-/azp}
state=${EPHEMERAL_STATE:-/mnt/ephemeral-state}
uptime=${EPHEMERAL_UPTIME:-/proc/uptime}
image=${EPHEMERAL_IMAGE:-} # Where the image's own files begin; only tests have them elsewhere.
declare -A proxy=() setting=(
  [AGENT_PACKAGE_URL]='' [AGENT_PACKAGE_SHA256]='' [AGENT_PACKAGE_FILE]='' [IDLE_SECONDS]=3600 [LIFETIME_SECONDS]=21600
  [KEEP_ENVIRONMENT]='' [SECRET_ENVIRONMENT]='' [FINISH_GRACE_SECONDS]=60 [STOP_GRACE_SECONDS]=30 [UPDATE_SECONDS]=20
  [RETRY_SECONDS]=3
)

say() { printf '%s\n' "$*"; }
give_up() {
  say "$*"
  exit 1
}
# Sets `time`, in seconds: by a clock that runs on whatever becomes of the date.
tell_time() { IFS=' .' read -r time _ <"$uptime"; }
# Reads from a pipe that never fills: a sleep process could outlive this one and hold its output open.
exec {silence}<> <(:)
pause() { read -r -t "$1" -u "$silence" || true; }

# What an image lacks is said at once, and as what it is.
check_image() {
  local name missing='' needed=(env id mkdir chmod chown stat install rm mv true)
  ((BASH_VERSINFO[0] * 100 + BASH_VERSINFO[1] >= 404)) ||
    give_up "The image's bash is version $BASH_VERSION; the start script needs 4.4 or later."
  ! lacks_glibc || give_up "The image is built on musl instead of glibc, and the agent does not run on that."
  [[ $by == task ]] || needed+=(curl)
  brings_agent || needed+=(tar gzip sha256sum)
  [[ -z $standby ]] || needed+=(mktemp openssl sha256sum)
  for name in "${needed[@]}"; do type -P "$name" >/dev/null || missing+=", $name"; done
  [[ $by == container ]] || brings_agent || type -P curl >/dev/null || type -P wget >/dev/null || missing+=', curl or wget'
  [[ -z $missing ]] || give_up "The image lacks programs that the start script needs: ${missing:2}."
  tell_time 2>/dev/null || give_up "The image lacks $uptime, by which the start script tells the time."
}

brings_agent() { [[ -x $root/agent/bin/Agent.Listener && -w $root/agent ]]; }

# Started on musl, an agent made for glibc would only be told that its loader is not found.
lacks_glibc() {
  local words=()
  compgen -G "$image/lib/ld-musl-*" >/dev/null || return
  ! compgen -G "$image/lib*/ld-linux-*" >/dev/null || return
  brings_agent || return 0
  # An agent made for musl may be in the image. The loader's name is among the first words of the file.
  mapfile -d '' -n 4096 words <"$root/agent/bin/Agent.Listener"
  [[ ${words[*]} == */ld-linux-* ]]
}

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
    case $name in AZP_TOKEN_FILE | EPHEMERAL_*) continue ;; esac
    # Somebody wants the job to have these, whatever their names. Nobody can want that of the token.
    [[ $name == AZP_TOKEN ]] || { ! is_kept "$name" && looks_secret "$name"; } || continue
    say "The variable $name is not handed to the agent, because its name tells of a secret."
    without+=(-u "$name")
  done < <(env -0)
  token=${AZP_TOKEN:-}
  [[ -n $token || ! -r ${AZP_TOKEN_FILE:-} ]] || token=$(<"$AZP_TOKEN_FILE")
  ((${#without[@]} > 0)) || [[ -n $token ]] || return
  go_on
  [[ -z $standby ]] || forget_package
  exec {silence}>&-
  exec env "${without[@]}" EPHEMERAL_TOKEN_FROM=9 "$BASH" "$0" 9< <(printf '%s\0' "$token")
}

is_kept() { [[ ,${setting[KEEP_ENVIRONMENT]},${setting[SECRET_ENVIRONMENT]}, == *,"$1",* ]]; }

# The task has copies of these two lists in EphemeralAgentTask/src/plan/secret-names.ts. A test compares them.
looks_secret() {
  case ${1^^} in
    PWD | OLDPWD | BYPASS | *_BYPASS) return 1 ;;
    *TOKEN* | *SECRET* | *PASSW* | *PASSPHRASE* | *PASS | *PASS_* | *PASSFILE | *_PW | *PWD | *CREDENTIAL* | \
      *CREDS | *CONN*STR* | *_CONNECTION | AUTH | *_AUTH | *_AUTH_* | *AUTHORIZATION | *COOKIE | *WEBHOOK | \
      *WEBHOOK_UR[IL] | *KEY | *_KEY_* | *KEY[0-9] | *_KEYS | *APIKEYS | *_PRIVATE | PAT | *_PAT | SAS | *_SAS | \
      *_SAS_* | JWT | *_JWT | PEM | *_PEM | *_PEM_* | *_PFX | *_PFX_* | *_P12 | *_P12_* | DSN | *_DSN | \
      *DATABASE_UR[IL] | *DB_UR[IL] | *JDBC_UR[IL] | *MONGO*_UR[IL] | *POSTGRES*_UR[IL] | *MYSQL_UR[IL] | \
      *REDIS*_UR[IL] | *AMQP*_UR[IL] | *RABBITMQ*_UR[IL]) ;;
    *) return 1 ;;
  esac
}

# A value that nobody else shall see, whatever its name: an address with a login or a signature, a connection string, a key, a
# token. The Windows script has a copy of the expression. A test compares them.
secret_value='://[^/]*:.*@|://[^/ ]*@|jdbc:[^@]*/[^@]*@|[?&]sig=|hooks\.slack\.com/services/'
secret_value+='|(password|pwd|accountkey|accesskey)"? *[=:]|(^|[^a-z])pass"? *[=:]|-----begin '
secret_value+='|(^|[^a-z])bearer +[a-z0-9._~+/=-]{6}|(^|[^a-z0-9])eyj[a-z0-9_-]{6,}\.[a-z0-9_-]+\.'
secret_value+='|(gh[pousr]_|github_pat_|glpat-)[a-z0-9_-]{16}'
holds_secret() { [[ ${1,,} =~ $secret_value ]]; }

set_value() {
  [[ $1 != *_SECONDS || $2 =~ ^(0|[1-9][0-9]*)$ ]] || give_up "$1 is not a number of seconds."
  setting[$1]=$2
}

read_start_files() {
  local name line
  for name in agent.json credentials.json rsaparams.json start.env; do
    [[ -r $start_files/$name ]] ||
      give_up "The start file $name is missing or may not be read by user $EUID, and AZP_URL is not set."
  done
  while IFS= read -r line || [[ -n $line ]]; do
    name=${line%%=*}
    [[ -z $name || -z ${setting[$name]+known} ]] || set_value "$name" "${line#*=}"
  done <"$start_files/start.env"
  [[ -r $start_files/proxy.env ]] || return 0
  while IFS= read -r line || [[ -n $line ]]; do proxy[${line%%=*}]=${line#*=}; done <"$start_files/proxy.env"
}

# Adds to all that the image trusts: distributions keep that in different places, and an image may name more of them.
# Programs differ in where they look; Node takes its own authorities besides.
trust_authorities() {
  local bundle=$state/authorities.pem file other found=()
  local variables=(SSL_CERT_FILE CURL_CA_BUNDLE GIT_SSL_CAINFO REQUESTS_CA_BUNDLE NODE_EXTRA_CA_CERTS)
  [[ -r $start_files/ca.pem ]] || return 0
  for file in "$image"/etc/ssl/certs/ca-certificates.crt "$image"/etc/pki/tls/certs/ca-bundle.crt \
    "$image"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem "$image"/etc/ssl/ca-bundle.pem \
    "$image"/var/lib/ca-certificates/ca-bundle.pem "$image"/etc/ssl/cert.pem "${variables[@]}"; do
    [[ $file == /* ]] || file=${!file:-}
    [[ -s $file && -r $file && ! -d $file ]] || continue
    # They are often links to one file.
    for other in "${found[@]}"; do [[ ! $file -ef $other ]] || continue 2; done
    found+=("$file")
  done
  ((${#found[@]} > 0)) || say "The image has no authorities of its own, so only those of agentCaBundle are trusted."
  for file in "${found[@]}" "$start_files/ca.pem"; do printf '%s\n' "$(<"$file")"; done >"$bundle" ||
    give_up "The authorities could not be written to $bundle."
  chmod 644 "$bundle"
  for name in "${variables[@]}"; do export "$name=$bundle"; done
}

open_state() {
  if ! { mkdir -p "$state" && [[ -w $state ]]; } 2>/dev/null; then
    say "The state folder $state cannot be written, so a restart of the container would not be noticed."
    state=${TMPDIR:-/tmp}/ephemeral-state-$RANDOM$RANDOM
    mkdir "$state" || give_up "The container has no folder that can be written, so no agent is started."
  fi
  # An emptyDir may be written by everybody, and the job must not take these marks away.
  chmod 755 "$state" 2>/dev/null
  diag=$state/diag
  ! job_started || give_up "A job has already been given to this container. No second one is taken."
  mkdir -p "$diag/jobs" || give_up "The folder $diag/jobs could not be made."
  note_first_second
  ! is_over || give_up "$reason Nothing is started."
}

# The clock begins anew with the machine; a mark of another one says nothing.
note_first_second() {
  local boot='' of
  { read -r boot </proc/sys/kernel/random/boot_id; } 2>/dev/null
  tell_time
  { read -r first_second of <"$state/first-second"; } 2>/dev/null
  [[ ${first_second:-} =~ ^[0-9]+$ && $of == "$boot" ]] && ((first_second <= time)) && return
  first_second=$time
  printf '%s %s\n' "$time" "$boot" >"$state/first-second"
}

# The worker's log appears with the first job, in a folder of its own. A job can clean it away, but only the kernel sets
# when the folder was changed; and the mark stays.
job_started() {
  [[ ! -e $state/job-started ]] || return 0
  compgen -G "$diag/jobs/Worker_*.log" >/dev/null ||
    [[ -s $state/before-job && $(jobs_folder) != "$(<"$state/before-job")" ]] || return
  mark_job
}

mark_job() { { : >"$state/job-started"; } 2>/dev/null || true; }
jobs_folder() { stat -c '%d %i %z' "$diag/jobs" 2>&1; }

choose_user() {
  local wanted=${EPHEMERAL_AGENT_USER:-}
  user='' switch=none
  # As older images name it. A step that names it means something of the job's.
  [[ -n $wanted ]] || is_kept AGENT_USER || wanted=${AGENT_USER:-}
  ((EUID == 0)) && [[ $wanted != root ]] || return 0
  user=${wanted:-agent}
  group=$(id -g "$user" 2>/dev/null)
  if setpriv --reuid "$user" --regid "$group" --init-groups true 2>/dev/null; then
    switch=setpriv
  elif su -s "$BASH" -c true "$user" 2>/dev/null; then
    switch=su
  elif [[ -n $wanted ]]; then
    give_up "The agent cannot run as it is told to: the image has no user $user, or neither setpriv nor su."
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
  if brings_agent; then
    say "The image brings the agent in $agent."
    # Only the top: changing the owner of every file would copy them all into the container's layer.
    [[ -z $user ]] || chown -h "$user" "$agent" "$agent"/* "$agent"/.[!.]* 2>/dev/null
  else
    { mkdir -p "$root" && [[ -w $root ]]; } 2>/dev/null || agent=$state/agent
    if [[ ! -x $agent/bin/Agent.Listener ]]; then
      set -m
      download_agent &
      set +m
      attend "The download of the agent" $! || exit
    fi
  fi
  agent=$(cd -P "$agent" && pwd)
  [[ -z $user ]] || chown "$user" "$diag" "$diag/jobs"
}

download_agent() {
  local package=$agent.package actual attempt told expected=${setting[AGENT_PACKAGE_SHA256],,}
  local download=(curl -fsSL --connect-timeout 20 --speed-limit 1024 --speed-time 60 -o)
  type -P curl >/dev/null || download=(wget -nv -T 60 -t 1 -O)
  [[ -n ${setting[AGENT_PACKAGE_URL]} && $expected =~ ^[0-9a-f]{64}$ ]] ||
    give_up "The image brings no agent that could be used, and start.env names no package with its SHA-256."
  for attempt in 1 2 3 4 5; do
    say "Downloading the agent package ${setting[AGENT_PACKAGE_FILE]##*/} (attempt $attempt)."
    if (through_proxy "${download[@]}" "$package" "${setting[AGENT_PACKAGE_URL]}"); then
      read -r actual _ < <(sha256sum <"$package")
      [[ $actual != "$expected" ]] || break
      say "The package has the SHA-256 $actual instead of $expected and is thrown away."
    fi
    rm -f "$package"
    ((attempt < 5)) || give_up "The agent package could not be downloaded."
    pause "${setting[RETRY_SECONDS]}"
  done
  rm -rf "$agent.partial" "$agent"
  mkdir -p "$agent.partial"
  [[ -z $user ]] || chown "$user" "$agent.partial"
  # On a full disk, tar says the same of every file.
  told=$(as_user tar -xzo -C "$agent.partial" <"$package" 2>&1) ||
    give_up "${told:0:1000}"$'\n'"The agent package could not be unpacked."
  rm -f "$package"
  [[ -x $agent.partial/bin/Agent.Listener ]] || give_up "The agent package holds no bin/Agent.Listener."
  mv "$agent.partial" "$agent" || give_up "The agent could not be put into $agent."
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
  local around content
  chmod go-rwx "$@" 2>/dev/null && return
  around=${1%/*}
  content=("$around"/* "$around"/.[!.]*)
  [[ ${content[*]} == "$1 $around/.[!.]*" ]] && chmod 700 "$around" 2>/dev/null
}

# The agent hands its environment to every job, and shows the pool all of it that VSO_AGENT_IGNORE does not name. It tells
# names by their case there.
choose_environment() {
  local entry name hidden=VSO_AGENT_IGNORE,VSTS_HTTP_PROXY_USERNAME,VSTS_HTTP_PROXY_PASSWORD
  hidden=${VSO_AGENT_IGNORE:+$VSO_AGENT_IGNORE,}$hidden${setting[SECRET_ENVIRONMENT]:+,${setting[SECRET_ENVIRONMENT]}}
  environment=(env)
  while IFS= read -r -d '' entry; do
    name=${entry%%=*}
    if is_own "$name"; then
      environment+=(-u "$name")
    elif looks_secret "$name" || holds_secret "${entry#*=}"; then
      hidden+=,$name
    fi
  done < <(env -0)
  environment+=("AGENT_DIAGLOGPATH=$diag" "WORKER_DIAGLOGPATH=$diag/jobs" "VSO_AGENT_IGNORE=$hidden")
  [[ -n $user ]] || return 0
  for entry in "USER=$user" "LOGNAME=$user" "HOME=$(eval "printf %s ~$user")"; do
    is_kept "${entry%%=*}" || environment+=("$entry")
  done
}

# The task has a copy of this list in EphemeralAgentTask/src/plan/script-variables.ts. A test compares them. The agent itself
# takes the second kind out.
is_own() {
  case ${1^^} in
    EPHEMERAL_* | VSTS_AGENT_INPUT_*) ;;
    *) [[ $by == container ]] && is_own_of_registration "$1" ;;
  esac
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

look_for_worker() {
  if worker_alive; then
    worker=here
    mark_job
  elif [[ $worker == here ]]; then
    worker=gone gone=$time
  fi
}

# Whether a limit is reached; sets `reason`.
is_over() {
  if ((time - first_second >= setting[LIFETIME_SECONDS])); then
    reason="The container has had its ${setting[LIFETIME_SECONDS]} seconds."
  elif [[ $worker == gone ]] && ((time - gone >= setting[FINISH_GRACE_SECONDS])); then
    reason="The job ended $((time - gone)) seconds ago, but the listener stays."
  elif [[ $worker == never ]] && ((time - first_second >= setting[IDLE_SECONDS])) && ! job_started; then
    reason="No job came within ${setting[IDLE_SECONDS]} seconds."
  elif [[ -n ${longest:-} ]] && ((time - began >= longest)); then
    reason="$longest seconds are over."
  else
    return 1
  fi
}

# Waits for a child, and ends it when the container is over a limit or asked to stop. Sets `code`, and fails when the child
# failed or was ended. Children that have children of their own are started under `set -m`, which gives them a group.
attend() {
  local doing=$1 seen='' since
  child=$2 asked=''
  tell_time
  began=$time
  while kill -0 "$child"; do
    pause .2
    tell_time
    if [[ -z $asked && -n $stopping ]]; then
      asked=stop since=$time
      ask_to_end "The container is asked to stop. $doing"
    fi
    [[ $time != "$seen" ]] || continue
    seen=$time
    [[ -z $listened ]] || look_for_worker
    if [[ -z $asked ]] && is_over; then
      asked=limit since=$time
      ask_to_end "$reason $doing"
    elif [[ -n $asked ]] && ((time - since >= setting[STOP_GRACE_SECONDS])); then
      signal KILL
    elif [[ -n $asked && -z ${unbroken:-} ]] && ((time - since == 1)); then
      # A process that had just been forked may have lost its first signal.
      signal TERM
    fi
  done 2>/dev/null
  wait "$child" 2>/dev/null
  code=$?
  child=''
  [[ $code == 0 && -z $asked ]]
}

ask_to_end() {
  if [[ -n ${unbroken:-} ]]; then
    say "$1 has ${setting[STOP_GRACE_SECONDS]} seconds left."
  else
    say "$1 is being ended."
    signal TERM
  fi
}

# To all that the child has started, where it leads a group of its own.
signal() { kill -"$1" -- "-$child" || kill -"$1" "$child"; } 2>/dev/null

go_on() { [[ -z $stopping ]] || give_up "The container is asked to stop. Nothing is started any more."; }

# Not as arguments, which everybody sees.
export_proxy() {
  local name
  for name in "${!proxy[@]}"; do export "$name=${proxy[$name]}"; done
}

run_listener() {
  go_on
  say "Starting the listener for one job."
  jobs_folder >"$state/before-job"
  {
    export_proxy
    as_user "${environment[@]}" "$agent/bin/Agent.Listener" run --once
  } &
  listened=yes worker=never
  attend "The listener" $! || true
  say "The listener ended with exit code $code."
  # Unless it was told to end, this is what it ends with after its job (facts of the agent: `run --once`).
  [[ $code != 0 || -n $asked ]] || mark_job
}

finish() {
  # A child that has just been forked may still have this trap.
  [[ $BASHPID == "$$" ]] || exit
  set +e
  trap '' TERM INT EXIT
  [[ -z $child ]] || signal KILL
  [[ -z $standby ]] || forget_package
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
    go_on
    [[ -x $agent/bin/Agent.Listener && $(listener_file) != "$1" ]] && break
  done
  [[ -x $agent/bin/Agent.Listener ]] || give_up "The update left no agent behind."
  pause 1 # `externals` follows `bin`.
}

# Bash reads a script as it goes, and a job that runs as root could change what is not read yet. A function is read whole.
main() {
  if [[ -e $start_files/standby.pem ]]; then
    # shellcheck source-path=SCRIPTDIR source=standby.sh
    source "$start_files/standby.sh" || give_up "There is a key of a standby pool, but no standby.sh beside this script."
    take_package
  fi
  [[ -e $start_files/agent.json || -z ${AZP_URL:-} ]] || by=container
  if [[ $by == container ]]; then
    # shellcheck source-path=SCRIPTDIR source=standalone.sh
    source "$start_files/standalone.sh" || give_up "AZP_URL is set, but there is no standalone.sh beside this script."
    read_variables
  else
    read_start_files
  fi
  check_image
  drop_secrets
  open_state
  trust_authorities
  choose_user
  [[ -z $standby ]] || close_standby
  prepare_agent
  choose_environment
  if [[ $by == task ]]; then place_credentials; else register; fi
  [[ -z $standby ]] || forget_package
  cd "$agent" || give_up "The folder $agent cannot be entered."
  for updates in 0 1 2 3; do
    before=$(listener_file)
    run_listener
    # 3 and 4 mean that the agent updates itself and wants to be started again.
    [[ -z $asked && $code == [34] ]] || break
    ! job_started || give_up "A job has been given to this agent. It is not started again."
    ((updates < 3)) || give_up "The agent has updated itself three times. It is not started again."
    await_update "$before"
  done
  say "The container ends."
  finish
}

main
