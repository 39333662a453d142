// Errors of the container and the agent in it: 6xx.
import type { CatalogEntry } from "./catalog-entry.ts";

export const agent = {
  EA601: {
    title: "The container ended before the agent was online.",
    next: "Read the container log above; the cause quotes its last words.",
  },
  EA602: {
    title: "The agent did not come online in time.",
    next: "Read the container log and events above. Common causes: the subnet has no outbound access to Azure DevOps (NAT gateway, firewall, DNS), or the image is large. For a large image, raise timeoutAgentOnline.",
  },
  EA603: {
    title: "The container group could not be started.",
    next: "Read the events above: Azure gives no other reason.",
  },
  EA604: {
    title: "The container group disappeared.",
    next: "Something else deleted it: see the activity log of the resource group.",
  },
  EA605: {
    title: "The agent's record disappeared from the pool.",
    next: "Something else removed it: look for other cleanup jobs that delete agents of this pool.",
  },
  EA606: {
    title: "The container ended while the job was running on it.",
    next: "Read the exit code and the container log above. Exit code 137 usually means out of memory: raise memory.",
  },
  EA607: {
    title: "The container ended while its agent waited for a job.",
    next: "Read the container log above; the cause quotes its last words.",
  },
  EA608: {
    title: "The container was killed, most likely because it ran out of memory.",
    next: "Raise memory. The agent alone needs about 1 GB, and the platform uses a part of it.",
  },
  EA609: {
    title: "The image is built for another processor architecture.",
    next: "Build the image for linux/amd64 (docker build --platform linux/amd64). Azure Container Instances runs no other architecture.",
  },
  EA610: {
    title: "The image has no /bin/bash, which the agent's start script needs.",
    next: "Use an image that is based on Debian, Ubuntu or Azure Linux, or add bash to yours. On Alpine, bash alone is not enough: the agent needs glibc.",
  },
  EA611: {
    title: "The container cannot resolve the names of Azure DevOps.",
    next: "Set dnsServers to servers that resolve public names, and check that the subnet reaches them: container instances do not inherit the DNS servers of the virtual network.",
  },
  EA612: {
    title: "The container cannot reach Azure DevOps.",
    next: "Give the subnet outbound access (a NAT gateway), and allow port 443 to the organization's hosts in its firewall and network security group. Or set agentProxyUrl.",
  },
  EA613: {
    title: "The container's clock differs from that of Azure DevOps by more than five minutes.",
    next: "Run the step again: it probably gets another Azure host, with the right time. If the image sets the clock itself, remove that.",
  },
  EA614: {
    title: "Azure DevOps refused the agent.",
    next: "Check that nothing removes or replaces records of the pool while the agent starts, and that policies of the organization (IP addresses, conditional access) allow the subnet's public IP address. With agentRegistration: container, check the token.",
  },
  EA615: {
    title: "The container does not trust the certificate of a service.",
    next: "Put the root certificate of the inspecting proxy, or of your own server's certificate authority, into agentCaBundle. If the image has no certificates at all, install the package ca-certificates in it.",
  },
  EA616: {
    title: "Azure has not started the container yet.",
    next: "Azure gives the reason only when it gives up, up to 30 minutes later. To wait for it, raise timeoutAgentOnline. Usual causes: a large image (use a smaller one, or a registry in the same region), a registry that refuses the image (check its firewall and credentials), or a busy region (set fallbacks).",
  },
  EA617: {
    title: "Azure lost the machine that the container ran on.",
    next: "Run the job again: its agent was lost with the machine. Azure repairs the container group, but not the agent in it.",
  },
  EA618: {
    title: "Somebody else stopped the container group.",
    next: "See in the activity log of the resource group who stopped it, and exclude the container groups of agents from jobs that stop or restart container groups.",
  },
  EA619: {
    title: "The image lacks programs that the agent's start script needs.",
    next: "Add the named programs to the image: the packages bash, coreutils, tar, gzip and curl contain all of them.",
  },
  EA620: {
    title: "The image is based on musl, which the agent does not support.",
    next: "Use an image that is based on Debian, Ubuntu or Azure Linux instead of Alpine, or unpack the agent's own package for musl (vsts-agent-linux-musl-x64) at /azp/agent in the image.",
  },
  EA621: {
    title: "The image lacks a library that the agent needs.",
    next: "Add to the image what the agent's bin/installdependencies.sh installs: ICU (libicu), OpenSSL (libssl), Kerberos (libkrb5) and zlib.",
  },
  EA622: {
    title: "The container's disk is full.",
    next: "Use a smaller image, or give the agent more space: add a volume in volumes, and set workFolder to a folder on it.",
  },
} as const satisfies Record<string, CatalogEntry>;
