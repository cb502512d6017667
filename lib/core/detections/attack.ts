/** MITRE ATT&CK as Sigma's tags name it: the tactics, and the techniques that happen to delivery pipelines (https://attack.mitre.org). */

/** Since ATT&CK 19, stealth and defense impairment are what defense evasion was. */
export const TACTICS = [
  "reconnaissance",
  "resource-development",
  "initial-access",
  "execution",
  "persistence",
  "privilege-escalation",
  "stealth",
  "defense-impairment",
  "credential-access",
  "discovery",
  "lateral-movement",
  "collection",
  "command-and-control",
  "exfiltration",
  "impact",
] as const;

/** Names by id; of a sub-technique, its own name alone. */
const TECHNIQUES: Readonly<Record<string, string>> = {
  "T1021.008": "Direct Cloud VM Connections",
  T1070: "Indicator Removal",
  T1072: "Software Deployment Tools",
  T1078: "Valid Accounts",
  "T1078.004": "Cloud Accounts",
  T1098: "Account Manipulation",
  "T1098.001": "Additional Cloud Credentials",
  "T1098.003": "Additional Cloud Roles",
  "T1098.004": "SSH Authorized Keys",
  T1110: "Brute Force",
  "T1110.001": "Password Guessing",
  "T1110.003": "Password Spraying",
  T1119: "Automated Collection",
  "T1136.003": "Create a Cloud Account",
  T1190: "Exploit Public-Facing Application",
  "T1195.001": "Compromise Software Dependencies and Development Tools",
  "T1195.002": "Compromise Software Supply Chain",
  T1199: "Trusted Relationship",
  "T1213.003": "Code Repositories",
  T1484: "Domain or Tenant Policy Modification",
  "T1484.002": "Trust Modification",
  T1485: "Data Destruction",
  T1486: "Data Encrypted for Impact",
  T1489: "Service Stop",
  T1490: "Inhibit System Recovery",
  T1525: "Implant Internal Image",
  T1528: "Steal Application Access Token",
  T1530: "Data from Cloud Storage",
  T1531: "Account Access Removal",
  T1535: "Unused/Unsupported Cloud Regions",
  T1537: "Transfer Data to Cloud Account",
  "T1548.005": "Temporary Elevated Cloud Access",
  "T1550.001": "Application Access Token",
  T1552: "Unsecured Credentials",
  T1554: "Compromise Host Software Binary",
  "T1555.006": "Cloud Secrets Management Stores",
  T1556: "Modify Authentication Process",
  "T1556.006": "Multi-Factor Authentication",
  "T1565.001": "Stored Data Manipulation",
  T1567: "Exfiltration Over Web Service",
  "T1567.001": "Exfiltration to Code Repository",
  T1578: "Modify Cloud Compute Infrastructure",
  T1580: "Cloud Infrastructure Discovery",
  T1606: "Forge Web Credentials",
  T1610: "Deploy Container",
  T1611: "Escape to Host",
  T1648: "Serverless Execution",
  T1651: "Cloud Administration Command",
  T1671: "Cloud Application Integration",
  T1677: "Poisoned Pipeline Execution",
  T1685: "Disable or Modify Tools",
  "T1685.002": "Disable or Modify Cloud Log",
  T1689: "Downgrade Attack",
};

const TECHNIQUE_TAG = /^attack\.(t\d{4}(?:\.\d{3})?)$/i;

/** Ids such as T1078.004, of the tags that name a technique, each once. */
export function techniquesOf(tags: readonly string[]): string[] {
  const ids = tags.flatMap((tag) => TECHNIQUE_TAG.exec(tag)?.[1]?.toUpperCase() ?? []);
  return [...new Set(ids)];
}

/** Undefined for one that is not among those that happen to delivery pipelines. */
export function techniqueName(id: string): string | undefined {
  return Object.hasOwn(TECHNIQUES, id) ? TECHNIQUES[id] : undefined;
}
