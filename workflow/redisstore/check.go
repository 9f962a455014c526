package redisstore

import (
	"context"
	"fmt"
	"maps"
	"strconv"
	"strings"
	"sync"

	"github.com/redis/go-redis/v9"
)

// Check tells what is wrong with the server or the key file, in plain words with how to
// mend it; nothing where all is well. Of a cluster it asks every primary.
func (s *Store) Check(ctx context.Context) []string {
	var faults []string
	if err := s.seal.Fresh(); err != nil {
		faults = append(faults, "key file: "+err.Error())
	}
	cluster, ok := s.rdb.(*redis.ClusterClient)
	if !ok {
		return append(faults, nodeFaults(ctx, s.rdb)...)
	}
	var mu sync.Mutex
	err := cluster.ForEachMaster(ctx, func(ctx context.Context, node *redis.Client) error {
		found := nodeFaults(ctx, node)
		mu.Lock()
		defer mu.Unlock()
		for _, fault := range found {
			faults = append(faults, node.Options().Addr+": "+fault)
		}
		return nil
	})
	if err != nil {
		faults = append(faults, "Redis does not answer: "+err.Error())
	}
	return faults
}

// nodeFaults asks one server.
func nodeFaults(ctx context.Context, node redis.Cmdable) []string {
	all := map[string]string{}
	// Several sections in one call are Redis 7's; an older one has to be told from one
	// that does not answer.
	for _, section := range []string{"server", "replication", "memory", "persistence"} {
		info, err := infoOf(ctx, node, section)
		if err != nil && strings.Contains(err.Error(), "not supported") { // miniredis
			continue
		}
		if err != nil {
			return []string{"Redis does not answer: " + err.Error()}
		}
		maps.Copy(all, info)
	}
	return serverFaults(all)
}

// serverFaults judges the fields of INFO. Absent ones prove nothing.
func serverFaults(info map[string]string) []string {
	var faults []string
	is := func(field, value string) bool { return info[field] == value }
	tell := func(fault string, args ...any) { faults = append(faults, fmt.Sprintf(fault, args...)) }

	if major, _, _ := strings.Cut(info["redis_version"], "."); major != "" {
		if n, err := strconv.Atoi(major); err == nil && n < 7 {
			tell("Redis is version %s: install 7 or later, or Valkey", info["redis_version"])
		}
	}
	if is("role", "slave") {
		tell("this Redis is a replica and takes no writes: give the primary's address, or its Sentinels")
	}
	if is("loading", "1") {
		tell("Redis is still reading its data from the disk: wait")
	}
	if is("aof_enabled", "0") {
		tell("Redis keeps no log of its writes, so a crash loses cases: set `appendonly yes`, `appendfsync always`")
	}
	if is("aof_enabled", "1") && info["aof_last_write_status"] != "ok" {
		tell("Redis cannot write its log: make room on its disk; nothing is accepted until then")
	}
	if is("aof_last_bgrewrite_status", "err") {
		tell("Redis could not rewrite its log, so what was forgotten is still in it: make room on its disk")
	}
	if is("rdb_last_bgsave_status", "err") {
		tell("Redis could not write its snapshot: make room on its disk, or set `save \"\"`")
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" && !is("maxmemory", "0") {
		tell("Redis throws cases away when its memory is full (maxmemory-policy %s): set `noeviction`", policy)
	}
	return faults
}

// infoOf reads one section of INFO.
func infoOf(ctx context.Context, node redis.Cmdable, section string) (map[string]string, error) {
	text, err := node.Info(ctx, section).Result()
	if err != nil {
		return nil, err
	}
	info := map[string]string{}
	for line := range strings.Lines(text) {
		if name, value, ok := strings.Cut(strings.TrimSpace(line), ":"); ok && !strings.HasPrefix(name, "#") {
			info[name] = value
		}
	}
	return info, nil
}
