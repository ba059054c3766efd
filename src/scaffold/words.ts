/** `PatientVisits`, `patient_visits`, `tblPATIENT-VISITS` -> `patient`, `visit`. */
export function words(name: string): readonly string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1 $2')
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '')
    .map((word) => singular(word.toLowerCase()));
}

const irregular: Readonly<Record<string, string>> = { people: 'person', diagnoses: 'diagnosis', stays: 'stay' };

function singular(word: string): string {
  const known = irregular[word];
  if (known !== undefined) return known;
  if (/(ss|us|is)$/.test(word) || word.length < 4) return word;
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.endsWith('s') ? word.slice(0, -1) : word;
}

/** Letters and digits alone, in lower case: `First Name`, `first_name` and `firstName` are one. */
export function plain(name: string): string {
  return name.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, '');
}

/** A name of TypeScript: `Patient Visits` -> `patientVisits`. */
export function variable(name: string): string {
  const parts = name.split(/[^A-Za-z0-9]+/).filter((part) => part !== '');
  const [first = 'table', ...rest] = parts.map((part) => (/^[A-Z0-9]+$/.test(part) ? part.toLowerCase() : part));
  const joined =
    first[0]!.toLowerCase() + first.slice(1) + rest.map((part) => part[0]!.toUpperCase() + part.slice(1)).join('');
  return /^[0-9]/.test(joined) || reserved.has(joined) ? `table${joined[0]!.toUpperCase()}${joined.slice(1)}` : joined;
}

const reserved = new Set(
  'await break case catch class const continue debugger default delete do else enum export extends false finally for function if implements import in instanceof interface let new null package private protected public return static super switch this throw true try typeof var void while with yield arguments eval map table reference when not ownCode'.split(
    ' ',
  ),
);

/** Lower case letters, digits and single hyphens: `Lab Results` -> `lab-results`. */
export function slug(name: string): string {
  return (
    name
      .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
      .toLowerCase()
      .replace(/[^a-z0-9]+/g, '-')
      .replace(/^-+|-+$/g, '') || 'table'
  );
}
