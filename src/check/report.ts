import type { SourceReport } from './check-source.js';
import type { Finding } from './finding.js';

const severities = ['error', 'warning', 'information'] as const;
const headings = { error: 'errors', warning: 'warnings', information: 'information' } as const;

/** Findings for a reader at a terminal: by source, then by severity and kind; what several mappings have in common once. */
export function report(reports: readonly SourceReport[]): string {
  const lines: string[] = [];
  for (const { source, mappings, findings } of reports) {
    lines.push(`${source}: ${mappings} mappings, ${count(findings)}`);
    for (const severity of severities) {
      const own = findings.filter((finding) => finding.severity === severity);
      if (own.length === 0) continue;
      lines.push(`  ${headings[severity]}`);
      for (const kind of new Set(own.map((finding) => finding.kind))) {
        lines.push(
          `    ${kind}`,
          ...together(own.filter((finding) => finding.kind === kind)).map((line) => `      ${line}`),
        );
      }
    }
    lines.push('');
  }
  return `${lines.join('\n')}\n${summary(reports)}\n`;
}

function summary(reports: readonly SourceReport[]): string {
  const mappings = reports.reduce((sum, report) => sum + report.mappings, 0);
  return `${reports.length} sources, ${mappings} mappings: ${count(reports.flatMap(({ findings }) => findings))}.`;
}

function count(findings: readonly Finding[]): string {
  const [errors, warnings, notes] = severities.map(
    (severity) => findings.filter((finding) => finding.severity === severity).length,
  );
  return `${errors} error${errors === 1 ? '' : 's'}, ${warnings} warning${warnings === 1 ? '' : 's'}, ${notes} to know`;
}

/** One line for what is said alike of several mappings. */
function together(findings: readonly Finding[]): readonly string[] {
  const found = new Map<string, { place: string; message: string; mappings: string[] }>();
  for (const { place, message, mapping } of findings) {
    const key = JSON.stringify([place, message]);
    const one = found.get(key) ?? { place, message, mappings: [] };
    if (mapping !== undefined) one.mappings.push(mapping);
    found.set(key, one);
  }
  return [...found.values()].map(
    ({ place, message, mappings }) => `${place}${mappings.length > 0 ? ` (${mappings.join(', ')})` : ''}: ${message}`,
  );
}
