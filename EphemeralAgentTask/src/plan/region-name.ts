// Names of Azure regions: 'West Europe' and 'westeurope' are one.

/** The form that Azure uses in addresses, such as `westeurope`. */
export const regionName = (region: string): string => region.replaceAll(" ", "").toLowerCase();

export const sameRegion = (one: string, other: string): boolean => regionName(one) === regionName(other);
