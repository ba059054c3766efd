import type { Resource } from '@medplum/fhirtypes';
import { referenceTargets } from './chains.js';
import type { Context } from './criteria.js';
import { parameterOf } from './definitions.js';
import { type Drawn, draws } from './drawn-values.js';
import { elementsOf } from './elements.js';
import { search } from './oracle.js';
import { type Random, seeded } from './random.js';

/** The parameters a server claims: by resource type, then by code. */
export type Supported = Readonly<Record<string, Readonly<Record<string, { readonly type: string }>>>>;

export interface Case {
  /** `Type?name=value&...`, URL-encoded. */
  readonly query: string;
  readonly type: string;
  /** What it exercises: `type:token`, `prefix:date-ge`, `modifier:not`, `form:token-system|code`, `sort:2`, `or`, `repeat` ... */
  readonly tags: readonly string[];
}

/**
 * An endless supply of searches over a pool, the same for the same seed. Each starts at one resource and mostly asks for
 * values that this resource has, so that most have an answer.
 */
export function caseGenerator(
  pool: readonly Resource[],
  supported: Supported,
  seed: number,
  context: Context,
): () => Case {
  const random = seeded(seed);
  const byType = new Map<string, Resource[]>(Object.keys(supported).map((type) => [type, []]));
  for (const resource of pool) byType.get(resource.resourceType)?.push(resource);
  const generator = new CaseGenerator(random, byType, supported, context);
  return () => generator.next();
}

interface Criterion {
  readonly text: string;
  readonly tags: readonly string[];
}

/** The criterion, asked of another resource. Its own tags are those of a search by itself. */
function chained(prefix: string, { text, tags }: Criterion, own: readonly string[]): Criterion {
  const modifier = tags.find((tag) => tag.startsWith('modifier:'))?.slice('modifier:'.length);
  return { text: `${prefix}${text}`, tags: [...own, `chain:${modifier ?? 'none'}`] };
}

class CaseGenerator {
  readonly #random: Random;
  readonly #byType: ReadonlyMap<string, readonly Resource[]>;
  readonly #byReference = new Map<string, Resource>();
  readonly #supported: Supported;
  readonly #context: Context;
  /** The oracle keeps what it read by array, so each resource keeps its own array of one. */
  readonly #alone = new Map<Resource, readonly Resource[]>();

  constructor(
    random: Random,
    byType: ReadonlyMap<string, readonly Resource[]>,
    supported: Supported,
    context: Context,
  ) {
    this.#random = random;
    this.#byType = byType;
    for (const resource of [...byType.values()].flat())
      this.#byReference.set(`${resource.resourceType}/${resource.id}`, resource);
    this.#supported = supported;
    this.#context = context;
  }

  next(): Case {
    const random = this.#random;
    const types = [...this.#byType].filter(([, resources]) => resources.length > 0).map(([type]) => type);
    const type = random.pick(types.length === 0 || random.chance(0.01) ? [...this.#byType.keys()] : types);
    const resources = this.#byType.get(type)!;
    const criteria: Criterion[] = [];
    if (resources.length === 0) criteria.push({ text: '_id=no-such-id', tags: ['type:none'] });
    else {
      const anchor = random.pick(resources);
      const wanted = random.pick([0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3]);
      let code: string | undefined;
      for (let i = 0; i < wanted; i++) {
        const again = code !== undefined && random.chance(0.25);
        code = again ? code! : this.#pickCode(anchor);
        const criterion =
          (random.chance(0.15) && this.#chain(anchor)) || this.#criterion(anchor, code, random.chance(0.6));
        criteria.push(again ? { ...criterion, tags: [...criterion.tags, 'repeat'] } : criterion);
      }
      if (wanted > 1) criteria.push({ text: '', tags: ['and'] });
    }
    criteria.push(...this.#page(type));
    const query = criteria.flatMap(({ text }) => (text === '' ? [] : [text])).join('&');
    return { query: `${type}?${query}`, type, tags: [...new Set(criteria.flatMap(({ tags }) => tags))] };
  }

  /** Mostly a parameter that the resource has a value for; each parameter type about as often as another. */
  #pickCode(anchor: Resource): string {
    const parameters = Object.entries(this.#supported[anchor.resourceType]!);
    const types = [...new Set(parameters.map(([, { type }]) => type))];
    const pick = () => {
      const type = this.#random.pick(types);
      return this.#random.pick(parameters.filter((parameter) => parameter[1].type === type))[0];
    };
    let code = pick();
    for (let tries = 0; tries < 8 && this.#elements(anchor, code).length === 0; tries++) code = pick();
    return code;
  }

  #elements(resource: Resource, code: string) {
    return elementsOf(parameterOf(resource.resourceType, code), resource);
  }

  /** Draws until the resource matches, when it shall; a value nobody has is a case too. */
  #criterion(anchor: Resource, code: string, match: boolean): Criterion {
    let criterion = this.#drawCriterion(anchor, code);
    for (let tries = 0; match && tries < 8 && !this.#matches(anchor, criterion); tries++) {
      criterion = this.#drawCriterion(anchor, code);
    }
    return criterion;
  }

  /** A chain that mostly leads to a resource which the anchor refers to, or which refers to it. */
  #chain(anchor: Resource): Criterion | undefined {
    return this.#random.chance(0.5) ? this.#chainTo(anchor) : this.#chainFrom(anchor);
  }

  #chainTo(anchor: Resource): Criterion | undefined {
    const random = this.#random;
    const codes = this.#referenceCodes(anchor.resourceType);
    if (codes.length === 0) return undefined;
    const code = random.pick(codes);
    const targets = referenceTargets(anchor.resourceType, code);
    const referred = this.#elements(anchor, code).flatMap(({ value }) => {
      const found = this.#byReference.get((value as { reference?: string }).reference ?? '');
      return found ? [found] : [];
    });
    const other =
      referred.length > 0 && random.chance(0.9)
        ? random.pick(referred)
        : this.#anyOf(targets.filter((type) => this.#byType.has(type)));
    if (!other || !targets.includes(other.resourceType)) return undefined;
    const short = targets.length === 1 && random.chance(0.7);
    const inner = this.#criterion(other, this.#pickCode(other), random.chance(0.8));
    return chained(`${code}${short ? '' : `:${other.resourceType}`}.`, inner, [
      'chain:to',
      short ? 'chain:plain' : 'chain:typed',
    ]);
  }

  #chainFrom(anchor: Resource): Criterion | undefined {
    const random = this.#random;
    const ways = [...this.#byType].flatMap(([type, resources]) =>
      resources.length === 0
        ? []
        : this.#referenceCodes(type)
            .filter((code) => referenceTargets(type, code).includes(anchor.resourceType))
            .map((code) => ({ type, code })),
    );
    if (ways.length === 0) return undefined;
    const own = `${anchor.resourceType}/${anchor.id}`;
    const refers = (other: Resource, code: string) =>
      this.#elements(other, code).some(({ value }) => (value as { reference?: string }).reference === own);
    const { type, code } = random.pick(ways);
    const referring = this.#byType.get(type)!.filter((other) => refers(other, code));
    const other = referring.length > 0 && random.chance(0.9) ? random.pick(referring) : this.#anyOf([type]);
    if (!other) return undefined;
    const inner = this.#criterion(other, this.#pickCode(other), random.chance(0.8));
    return chained(`_has:${type}:${code}:`, inner, ['chain:from']);
  }

  #referenceCodes(type: string): readonly string[] {
    return Object.entries(this.#supported[type]!).flatMap(([code, parameter]) =>
      parameter.type === 'reference' ? [code] : [],
    );
  }

  #anyOf(types: readonly string[]): Resource | undefined {
    const all = types.flatMap((type) => this.#byType.get(type) ?? []);
    return all.length === 0 ? undefined : this.#random.pick(all);
  }

  #matches(resource: Resource, criterion: Criterion): boolean {
    const alone = this.#alone.get(resource) ?? [resource];
    this.#alone.set(resource, alone);
    return search(alone, `${resource.resourceType}?${criterion.text}`, this.#context).total === 1;
  }

  #drawCriterion(anchor: Resource, code: string): Criterion {
    const random = this.#random;
    const { type } = parameterOf(anchor.resourceType, code);
    const missing = () => {
      const value = random.pick(['true', 'false']);
      return { text: `${code}:missing=${value}`, tags: [`type:${type}`, 'modifier:missing', `missing:${value}`] };
    };
    if (random.chance(0.06)) return missing();
    const first = this.#draw(anchor, code, type!) ?? this.#drawElsewhere(anchor.resourceType, code, type!);
    if (!first) return missing();
    const values = [first];
    while (random.chance(0.2)) {
      const other = this.#drawElsewhere(anchor.resourceType, code, type!);
      if (other && other.modifier === first.modifier) values.push(other);
    }
    const order = random.chance(0.5) ? values : values.reverse();
    const name = first.modifier === undefined ? code : `${code}:${first.modifier}`;
    const modifier = /^[A-Z]/.test(first.modifier ?? '') ? '[type]' : (first.modifier ?? 'none');
    const tags = [
      `type:${type}`,
      `modifier:${modifier}`,
      ...values.flatMap(({ tags }) => tags),
      ...(values.length > 1 ? ['or'] : []),
    ];
    return { text: `${name}=${this.#encode(order.map(({ text }) => text).join(','), type!)}`, tags };
  }

  #drawElsewhere(resourceType: string, code: string, type: string): Drawn | undefined {
    for (let tries = 0; tries < 5; tries++) {
      const found = this.#draw(this.#random.pick(this.#byType.get(resourceType)!), code, type);
      if (found) return found;
    }
    return undefined;
  }

  #draw(resource: Resource, code: string, type: string): Drawn | undefined {
    const elements = this.#elements(resource, code);
    if (elements.length === 0) return undefined;
    return draws[type]?.(this.#random, this.#random.pick(elements), this.#context.base);
  }

  /** Fully encoded, or with the characters left raw that clients leave raw, the `+` of a time zone among them. */
  #encode(text: string, type: string): string {
    const full = encodeURIComponent(text);
    if (type === 'date' && this.#random.chance(0.2)) return full.replaceAll('%2B', '+');
    return this.#random.chance(0.5)
      ? full
      : full.replace(/%(?:2C|7C|3A|2F|24)/g, decodeURIComponent).replaceAll('%20', '+');
  }

  #page(type: string): Criterion[] {
    const random = this.#random;
    const page: Criterion[] = [];
    const keys = random.chance(0.4) ? random.between(1, 3) : 0;
    if (keys > 0) {
      const codes = new Set(Array.from({ length: keys }, () => random.pick(Object.keys(this.#supported[type]!))));
      const sorts = [...codes].map((code) => ({ code, down: random.chance(0.5), type: parameterOf(type, code).type }));
      const text = sorts.map(({ code, down }) => (down ? `-${code}` : code)).join(',');
      const tags = sorts.flatMap(({ down, type }) => [`sort:${type}`, down ? 'sort:desc' : 'sort:asc']);
      page.push({ text: `_sort=${text}`, tags: [`sort:${sorts.length}`, ...tags] });
    }
    if (random.chance(0.3)) page.push({ text: `_count=${random.between(1, 50)}`, tags: ['count'] });
    return page;
  }
}
