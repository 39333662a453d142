// Which DNS servers a container can reach.

/** A resolver asks three (resolv.conf(5), MAXNS). That Azure takes no more for a container group is a guess. */
const most = 3;

interface DnsServers {
  readonly used: readonly string[];
  /** IPv6 addresses, which container groups cannot reach (facts aci-azure-sdk §3.1), and those beyond the third. */
  readonly dropped: readonly string[];
}

/** @param servers in the order in which they are asked */
export function usableServers(servers: readonly string[]): DnsServers {
  const used = servers.filter((one) => !one.includes(":")).slice(0, most);
  return { used, dropped: servers.filter((one) => !used.includes(one)) };
}

/** The servers in words, for the log. */
export function serversTold(servers: readonly string[]): string {
  const { used, dropped } = usableServers(servers);
  const none = used.length === 0 ? "Azure's own" : used.join(", ");
  return dropped.length === 0 ? none : `${none} (not ${dropped.join(", ")}: a container asks three, by IPv4)`;
}
