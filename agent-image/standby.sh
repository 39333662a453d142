# shellcheck shell=bash disable=SC2034,SC2154  # read by, and set in, entrypoint.sh
# Lets a container of a standby pool wait for its agent. Azure applies a config map to the container that somebody claims;
# in it is one package, sealed for the private key that the pool's profile mounts beside this script. Whoever may read the
# container group may read the config map, so nobody but this script gets to see what is in the package.
# Needs openssl besides: 1.1.1 or later.

standby_key=$start_files/standby.pem
standby_folder=$start_files
config_map=${EPHEMERAL_CONFIG_MAP:-/mnt/configmap}
package='' opened=''

# Returns once the start files of an agent are in `start_files`. What cannot work is told before the container waits.
take_package() {
  standby=yes
  check_image
  choose_user
  [[ -n $user || ${EPHEMERAL_AGENT_USER:-} == root ]] ||
    give_up "A container of a standby pool starts as root and runs the agent as another user, and here it cannot."
  await_package
  open_package
}

await_package() {
  say "Waiting in the standby pool for an agent."
  until find_package; do
    pause .2
    go_on
  done
}

# One that is still being written has fewer lines.
find_package() {
  local file lines
  for file in "$config_map"/*/agent.sealed; do
    lines=()
    { mapfile -t lines <"$file"; } 2>/dev/null
    [[ ${#lines[@]} == 5 && ${#lines[4]} == 64 ]] || continue
    package=$file
    return
  done
  return 1
}

# The package: its format, the name of the agent, a password and a key for the seal (RSA-OAEP), the files (AES-256-CBC by
# that password), and the seal of all that (HMAC-SHA256). No secret is an argument of a program.
open_package() {
  local lines keys name content
  mapfile -t lines <"$package"
  [[ ${lines[0]} == 'ephemeral-agent-package 1' ]] ||
    give_up "The package is of a format that this script does not know: run samples/setup/standby-pool.sh of the task's version."
  keys=$(openssl base64 -d -A <<<"${lines[2]}" |
    openssl pkeyutl -decrypt -inkey "$standby_key" -pkeyopt rsa_padding_mode:oaep -pkeyopt rsa_oaep_md:sha256 2>/dev/null)
  [[ $keys =~ ^[0-9a-f]{192}$ ]] || give_up "The package is sealed for another key than this pool's."
  [[ $(seal_of "${keys:64}" "${lines[@]:0:4}") == "${lines[4]}" ]] || give_up "The package has been changed on its way."
  opened=$(umask 077 && mktemp -d) || give_up "The container has no folder that can be written, so no agent is started."
  while read -r name content; do
    case $name in
      agent.json | credentials.json | rsaparams.json | start.env | proxy.env | ca.pem) ;;
      *) continue ;;
    esac
    (umask 077 && openssl base64 -d -A <<<"$content" >"$opened/$name") || give_up "The file $name could not be written."
  done < <(openssl base64 -d -A <<<"${lines[3]}" |
    openssl enc -d -aes-256-cbc -md sha256 -pbkdf2 -iter 1 -pass fd:9 9< <(printf '%s\n' "${keys:0:64}"))
  [[ $(<"$opened/agent.json") =~ \"agentName\":[[:space:]]*\"${lines[1]}\" ]] ||
    give_up "The package is for the agent '${lines[1]}', but holds the files of another one."
  say "Claimed for the agent ${lines[1]}."
  start_files=$opened
}

# HMAC-SHA256 of lines, in hexadecimal digits. openssl would take the key as an argument, which everybody sees.
seal_of() {
  local key=$1 inner
  shift
  inner=$({ padded "$key" 0x36 && printf '%s\n' "$@"; } | sha256sum)
  { padded "$key" 0x5c && padded "${inner%% *}" 0; } | sha256sum | while read -r inner _; do printf %s "$inner"; done
}

# The bytes of hexadecimal digits, each of them changed by the second number.
padded() {
  local index byte bytes=''
  for ((index = 0; index < ${#1}; index += 2)); do
    printf -v byte '\\x%02x' "$((16#${1:index:2} ^ $2))"
    bytes+=$byte
  done
  printf %b "$bytes"
}

# Before the agent's user gets anything, and seen to be so: a file system may take no modes.
close_standby() {
  local path
  [[ -n $user ]] || {
    say "The agent runs as root, so its job can read the private key of the standby pool."
    return
  }
  close_to_others "$standby_folder" "$standby_folder"/*
  close_to_others "${package%/*}" "${package%/*}"/*
  for path in "$standby_key" "$package"; do
    # shellcheck disable=SC2016  # the other shell expands it
    ! (as_user "$BASH" -c '[[ -r $0 ]]' "$path") || give_up "The agent's user '$user' could read $path. No agent is started."
  done
}

forget_package() {
  [[ -z $opened ]] || rm -rf "$opened"
  opened=''
}
