/** A configuration file once it is checked: defaults filled in, paths absolute, secrets in place. */
export interface Configuration {
  /** Absolute path of the file it was read from. */
  readonly file: string;
  readonly server: ServerConfiguration;
  readonly sources: readonly SourceConfiguration[];
}

export interface ServerConfiguration {
  /** Public base URL, without a slash at its end; absent: `http://<host>:<port>/fhir`. */
  readonly baseUrl?: string;
  readonly host: string;
  /** 0: any free port. */
  readonly port: number;
  /** Absolute folder of what outlives a restart: the key that seals cursors. */
  readonly stateFolder: string;
  readonly limits: ServerLimits;
  /** The source that a resource of a type is created in, by type, where it does not say itself (`meta.source`). */
  readonly creates: Readonly<Record<string, string>>;
}

export interface ServerLimits {
  /** Matches on a page. */
  readonly count: { readonly default: number; readonly max: number };
  /** Milliseconds after which a request is given up. */
  readonly deadlineMs: number;
  /** Rows that one request may hand to decoding. */
  readonly rows: number;
  readonly bodyBytes: number;
  readonly urlBytes: number;
  /** Requests running at once; one more is refused with `busy`. */
  readonly concurrency: number;
}

export interface SourceConfiguration {
  readonly name: string;
  readonly adapter: 'sqlite' | 'duckdb' | 'mysql' | 'postgres' | 'mongodb' | 'neo4j' | 'influxdb';
  /** Absolute path of a file or folder, or the URL of a server. */
  readonly location: string;
  /** Absolute path of the mapping folder. */
  readonly mappings: string;
  /** May it be written, as far as its mappings say how? */
  readonly write: boolean;
  /** Without a required source no search is answered. */
  readonly required: boolean;
  /** IANA name of the zone that its local times are in. */
  readonly timeZone: string;
  readonly encoding?: string;
  /** Milliseconds that one scan may take. */
  readonly timeoutMs: number;
  readonly limits: SourceLimits;
  /** Where the bytes of its Binaries may be fetched from; absent: nowhere. */
  readonly downloads?: DownloadLimits;
}

export interface DownloadLimits {
  /** `name`, `name:port` or `*.name` (what is below it); without a port that of the scheme. */
  readonly hosts: readonly string[];
  /** Those of them that may lie at addresses of a private network or of this machine. */
  readonly privateHosts: readonly string[];
  /** Without it, only https. */
  readonly allowHttp?: string;
  /** The most bytes of one Binary. */
  readonly maxBytes: number;
  /** Milliseconds that one download may take, to its last byte. */
  readonly timeoutMs: number;
}

export interface SourceLimits {
  /** Scans of this source running at once. */
  readonly concurrency: number;
}
