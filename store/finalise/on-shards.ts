/**
 * In a cluster each shard finishes its own groups: all rows of a source are on one shard, and all coverage of a sensor. Elsewhere it means
 * nothing.
 */
export const ON_SHARDS = 'SETTINGS distributed_group_by_no_merge = 1';
