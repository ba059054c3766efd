import type { ResourceNode } from 'fhirpath';
import { Fault } from '../errors/fault.js';
import { fhirPath } from '../fhir/fhir-path.js';
import type { JsonObject } from './json-copy.js';

/** A path of R4 that chooses by several criteria has some 200 characters; parsing takes longer than linear time. */
const longest = 500;
const deepestBrackets = 10;
/** Steps of evaluation for all paths of one patch, about a second. A criterion asked of one element takes some ten. */
const mostSteps = 400_000;

/**
 * What finds elements of a resource, and costs no more than walking it: each criterion looks only into what it is asked of, since
 * nothing in the list reaches back up (`%resource`), repeats, multiplies (`|`, `combine`), or backtracks (`matches`).
 */
const functions = new Set([
  ...['where', 'exists', 'empty', 'not', 'all', 'count', 'first', 'last', 'single', 'tail', 'skip', 'take'],
  ...['ofType', 'as', 'is', 'extension', 'hasValue', 'startsWith', 'endsWith', 'contains', 'lower', 'upper'],
]);
const nodes = new Set([
  ...['EntireExpression', 'TermExpression', 'InvocationExpression', 'InvocationTerm', 'ParenthesizedTerm'],
  ...['MemberInvocation', 'FunctionInvocation', 'Functn', 'ParamList', 'Identifier', 'IndexerExpression'],
  ...['ThisInvocation', 'LiteralTerm', 'StringLiteral', 'NumberLiteral', 'BooleanLiteral', 'NullLiteral'],
  ...['DateLiteral', 'DateTimeLiteral', 'TimeLiteral', 'TypeExpression', 'TypeSpecifier', 'QualifiedIdentifier'],
  ...['EqualityExpression', 'InequalityExpression', 'AndExpression', 'OrExpression', 'XorExpression'],
  'ImpliesExpression',
]);

/** Steps that the paths of a patch have taken so far. */
export interface Meter {
  steps: number;
}

/**
 * The elements that a path names, as the library's nodes, whose parents lead up to the resource. The resource is not changed.
 * @throws {Fault} `invalid-body` when the path is no FHIRPath or is more than a patch may use; `unprocessable` when it cannot be
 * evaluated on this resource or computes something that is no element of it; `too-costly`
 */
export function elementsAt(resource: JsonObject, text: string, at: string, meter: Meter): readonly ResourceNode[] {
  const path = withDiv(text);
  check(path, at);
  let found: unknown[];
  try {
    const { evaluate, model } = fhirPath();
    // The library knows decimals as numbers, and marks the objects it meets: it gets a copy.
    found = evaluate(JSON.parse(JSON.stringify(resource)), path, {}, model, {
      resolveInternalTypes: false,
      debugger: (_, __, result) => {
        meter.steps += 1 + (Array.isArray(result) ? result.length : 0);
        if (meter.steps > mostSteps) throw new Fault('too-costly', 'The paths of the patch take too many steps.');
      },
    });
  } catch (error) {
    if (error instanceof Fault) throw error;
    throw new Fault(
      'unprocessable',
      'The path cannot be evaluated on this resource.',
      { expression: at },
      { cause: error },
    );
  }
  if (!found.every(isNode))
    throw new Fault('unprocessable', 'The path computes a value; it must name elements.', { expression: at });
  return found;
}

const quoted = "'(?:[^'\\\\]|\\\\.)*'|`(?:[^`\\\\]|\\\\.)*`";

/** Narrative.div has the name of an operator, which FHIRPath wants quoted; HL7's own cases do not quote it. */
function withDiv(path: string): string {
  return path.replace(new RegExp(`${quoted}|[.]div\\b`, 'g'), (found) => (found === '.div' ? '.`div`' : found));
}

const isNode = (found: unknown): found is ResourceNode =>
  typeof found === 'object' && found !== null && 'parentResNode' in found && 'propName' in found;

interface Tree {
  readonly type: string;
  readonly text?: string;
  readonly children?: readonly Tree[];
}

function check(path: string, at: string): void {
  const refused = (why: string, cause?: unknown) => new Fault('invalid-body', why, { expression: at }, { cause });
  if (path.length > longest) throw refused(`The path has more than ${longest} characters.`);
  const unquoted = path.replace(new RegExp(quoted, 'g'), '');
  // A comment could hide a quote, and with it brackets.
  if (unquoted.includes('/')) throw refused('The path of a patch has neither comments nor divisions.');
  if (bracketDepth(unquoted) > deepestBrackets) throw refused(`The path nests more than ${deepestBrackets} brackets.`);
  let tree: Tree;
  try {
    tree = fhirPath().parse(path) as Tree;
  } catch (error) {
    throw refused('The path is not a FHIRPath expression.', error);
  }
  const visit = (node: Tree): void => {
    const children = node.children ?? [];
    if (!nodes.has(node.type))
      throw refused('The path uses what the path of a patch may not: only names, indexes, criteria.');
    if (node.type === 'Functn' && !functions.has(children[0]?.text ?? ''))
      throw refused(`The path of a patch uses only the functions ${[...functions].join(', ')}.`);
    // Two elements compared with each other cost what they hold, again for each element that is asked.
    if (/^(?:Eq|Ineq)ualityExpression$/.test(node.type) && (/~/.test(node.text ?? '') || !children.some(isLiteral)))
      throw refused('The path of a patch compares with =, !=, <, <=, > and >=, and with a literal.');
    for (const child of children) visit(child);
  };
  visit(tree);
}

const isLiteral = ({ type, children }: Tree): boolean =>
  type === 'TermExpression' && children?.length === 1 && children[0]!.type === 'LiteralTerm';

/** The parser's time grows with the brackets that it has not yet seen closed. */
function bracketDepth(unquoted: string): number {
  let [depth, most] = [0, 0];
  for (const [bracket] of unquoted.matchAll(/[()[\]{}]/g)) {
    depth += '([{'.includes(bracket) ? 1 : -1;
    most = Math.max(most, depth);
  }
  return most;
}
