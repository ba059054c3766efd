import type { Cells } from '../../source/adapter.js';
import { cellText } from '../../source/evaluate.js';
import type { Comparand, Expression } from '../../source/expression.js';
import type { Cell, Row } from '../../source/row.js';
import { EncodeError } from '../codec.js';
import type { Kept, Leaf } from './node.js';
import type { Unified } from './unify.js';

/** Why an element is not written as it was sent. */
export interface Refusal {
  /** `Patient.telecom[1].value` */
  readonly path: string;
  readonly message: string;
}

export interface PutSetting {
  readonly leaves: readonly Leaf[];
  /** The cell of a column in a row as the mapping reads it. */
  readonly cell: (column: string) => (row: Row) => Cell;
  /** Columns that may not change, and whose they are. */
  readonly fixed: ReadonlyMap<string, string>;
}

export interface Put {
  /** The cells that change, by column. */
  readonly cells: Cells;
  /** Columns that say something that was asked for, changed or not. */
  readonly said: ReadonlySet<string>;
  readonly refused: readonly Refusal[];
}

/** What is to stand in one column, or in one piece of it. */
interface Claim {
  readonly value: Comparand;
  readonly path: string;
  readonly kept: boolean;
}

/**
 * The cells that make a row say what was asked (lens law PutGet), and no other cell. One that says it already stays as it is, byte
 * for byte (GetPut); what was not asked for is emptied where it says something now.
 */
export function put(asked: Unified, previous: Row, { leaves, cell, fixed }: PutSetting): Put {
  const draft = new Draft(previous, cell);
  const refused: Refusal[] = [];
  for (const leaf of leaves) {
    const { kept } = leaf;
    if (!kept) continue;
    const value = asked.values.get(leaf);
    const now = kept.now(previous);
    if (value === undefined) {
      if (now !== undefined && kept.open(previous))
        for (const of of kept.of) if (!fixed.has(of.column)) draft.clear(of);
    } else if (now !== undefined && leaf.agrees(value.value, now)) draft.keep(kept.of, value.path);
    else refused.push(...claimed(kept, value, draft, fixed));
  }
  refused.push(...draft.conflicts);
  const cells = draft.cells();
  for (const leaf of leaves) {
    const value = asked.values.get(leaf);
    if (!value || !leaf.kept || refused.some(({ path }) => path === value.path)) continue;
    const found = leaf.kept.decode(
      leaf.kept.of.map(({ column }) => (Object.hasOwn(cells, column) ? cells[column]! : cell(column)(previous))),
    );
    if (found === undefined || !leaf.agrees(value.value, found))
      refused.push({ path: value.path, message: 'The source would give back another value.' });
  }
  return { cells, said: draft.said, refused };
}

function claimed(
  kept: Kept,
  { value, path }: { readonly value: unknown; readonly path: string },
  draft: Draft,
  fixed: PutSetting['fixed'],
): readonly Refusal[] {
  const owner = kept.of.map(({ column }) => fixed.get(column)).find((one) => one !== undefined);
  if (owner !== undefined) return [{ path, message: owner }];
  const encoded = kept.encode(
    value,
    kept.of.map((of) => draft.now(of)),
  );
  if (encoded instanceof EncodeError) return [{ path, message: encoded.message }];
  kept.of.forEach((of, i) => {
    draft.claim(of, { value: encoded[i]!, path, kept: false });
  });
  return [];
}

class Draft {
  readonly said = new Set<string>();
  readonly conflicts: Refusal[] = [];
  private readonly wholes = new Map<string, Claim>();
  private readonly pieces = new Map<string, { readonly part: Part; readonly claims: Map<number, Claim> }>();
  private readonly cleared: Expression[] = [];

  constructor(
    private readonly previous: Row,
    private readonly cell: PutSetting['cell'],
  ) {}

  /** What an expression's column, or its piece, holds so far. */
  now({ column, part }: Expression): Comparand {
    const cell = this.cell(column)(this.previous);
    if (part) return piecesOf(cell, part)[part.index] || null;
    return typeof cell === 'object' ? null : cell;
  }

  keep(of: readonly Expression[], path: string): void {
    for (const one of of) this.claim(one, { value: this.now(one), path, kept: true });
  }

  clear(of: Expression): void {
    this.cleared.push(of);
  }

  claim({ column, part }: Expression, claim: Claim): void {
    this.said.add(column);
    const claims = part ? this.ofPieces(column, part) : this.wholes;
    const place = part ? part.index : column;
    const other = (claims as Map<string | number, Claim>).get(place);
    if (!other || (other.kept && claim.kept)) (claims as Map<string | number, Claim>).set(place, claim);
    else if (String(other.value) !== String(claim.value))
      this.conflicts.push({
        path: claim.path,
        message: `The source keeps it in one place with ${other.path}, which says otherwise.`,
      });
    else if (other.kept) (claims as Map<string | number, Claim>).set(place, claim);
  }

  /** The columns that are to hold something else than they do. */
  cells(): Cells {
    const found: Record<string, Cell> = {};
    for (const [column, { value, kept }] of this.wholes) if (!kept) found[column] = value;
    for (const { column, part } of this.cleared) {
      if (this.wholes.has(column)) continue;
      if (part) this.ofPieces(column, part);
      else if (!this.pieces.has(column)) found[column] = null;
    }
    for (const [column, { part, claims }] of this.pieces) {
      if (this.wholes.has(column)) continue;
      const before = this.cell(column)(this.previous);
      const texts = [...piecesOf(before, part)];
      for (const [index, { value, kept }] of claims) if (!kept) texts[index] = String(value ?? '');
      for (const one of this.cleared)
        if (one.column === column && one.part && !claims.has(one.part.index)) texts[one.part.index] = '';
      const text = texts.every((one) => one.trim() === '') ? null : texts.join(part.separator);
      if (text !== before) found[column] = text;
    }
    for (const [column, value] of Object.entries(found))
      if (value === this.cell(column)(this.previous)) delete found[column];
    return found;
  }

  private ofPieces(column: string, part: Part): Map<number, Claim> {
    const there = this.pieces.get(column) ?? { part, claims: new Map<number, Claim>() };
    this.pieces.set(column, there);
    return there.claims;
  }
}

type Part = NonNullable<Expression['part']>;

/** The pieces of a packed text as it stands; empty ones where it is none of so many. */
function piecesOf(cell: Cell, { separator, count }: Part): readonly string[] {
  const pieces = cellText(cell) === null ? [] : String(cell).split(separator);
  return pieces.length === count ? pieces : Array<string>(count).fill('');
}
