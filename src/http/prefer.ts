/** `handling` of a `Prefer` header (https://hl7.org/fhir/R4/search.html#errors, RFC 7240 section 2); the first one counts. */
export function preferredHandling(prefer: string | undefined): 'strict' | 'lenient' | undefined {
  const found =
    prefer === undefined ? null : /(?:^|[,;])\s*handling\s*=\s*"?(strict|lenient)"?\s*(?=[,;]|$)/i.exec(prefer);
  return found ? (found[1]!.toLowerCase() as 'strict' | 'lenient') : undefined;
}

const returned = {
  minimal: 'minimal',
  representation: 'representation',
  operationoutcome: 'OperationOutcome',
} as const;

/** `return` of a `Prefer` header (https://hl7.org/fhir/R4/http.html#ops); the first one counts. */
export function preferredReturn(
  prefer: string | undefined,
): 'minimal' | 'representation' | 'OperationOutcome' | undefined {
  const found =
    prefer === undefined
      ? null
      : /(?:^|[,;])\s*return\s*=\s*"?(minimal|representation|OperationOutcome)"?\s*(?=[,;]|$)/i.exec(prefer);
  return found ? returned[found[1]!.toLowerCase() as keyof typeof returned] : undefined;
}
