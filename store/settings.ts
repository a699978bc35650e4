// What is set for the database with each statement; all of it is older than the oldest server we work with, unless said otherwise.

/**
 * Sent with every statement. All are older than the oldest server we work with, and those of clusters mean nothing elsewhere: a subquery
 * in IN is answered once for all shards, an insert returns when the shards have it, rows are grouped over all shards before they are
 * inserted, and all statements ask the same replica.
 */
export const SETTINGS = {
  output_format_json_quote_64bit_integers: 0,
  wait_end_of_query: 1,
  distributed_product_mode: 'global',
  insert_distributed_sync: 1,
  parallel_distributed_insert_select: '0',
  load_balancing: 'in_order',
  // Tables remember what was inserted by its token; a statement without one is not to be taken for the like of an earlier one.
  insert_deduplicate: 0,
} as const;

/** Sent with every block: one block in, one part out, in the order given. A token then stands for the same rows every time. */
export const INSERT_SETTINGS = {
  insert_deduplicate: 1,
  optimize_on_insert: 0,
  input_format_parallel_parsing: 0,
  max_threads: 1,
  max_insert_threads: '1',
} as const;

/** However many blocks are sent, the table gets one: cut anywhere, it has all rows of an insert or none. */
export const ONE_BLOCK = { min_insert_block_size_rows: '1000000000', min_insert_block_size_bytes: '0' } as const;

/** Where the engine reads the block itself: of its own version, since older servers do not know it. */
export const READ_SETTINGS = { deduplicate_insert_select: 'force_enable' } as const;
