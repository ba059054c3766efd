import type { EngineSource } from '../execution/create-engine.js';
import type { CompiledMapping } from '../mapping/compile.js';
import type { CodecSetting } from '../mapping/template.js';
import type { Call, LiveTable } from '../source/adapter.js';

/** A source of the configuration, whose mapping folder is not loaded yet. */
export interface CheckedSource extends Omit<EngineSource, 'mappings'> {
  readonly folder: string;
  /** Whether its database can have indexes; files cannot. */
  readonly indexed: boolean;
}

/** A source whose mappings load and compile. */
export interface Examined extends EngineSource {
  readonly folder: string;
  readonly indexed: boolean;
  readonly baseUrl: string;
  readonly compiled: readonly CompiledMapping[];
  readonly setting: CodecSetting;
}

/** Its database answers, too. */
export interface Live extends Examined {
  readonly tables: readonly LiveTable[];
  readonly now: () => Date;
  /** A new call, with the time that one question of the check may take. */
  readonly call: () => Call;
}
