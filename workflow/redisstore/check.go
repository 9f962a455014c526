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

// Fault is something wrong with the server or the key file.
type Fault struct {
	Code FaultCode
	What string // in plain words, with how to mend it
}

// FaultCode names a fault, for whoever says it in another language.
type FaultCode string

const (
	FaultKeys     FaultCode = "keys"           // the key file was lost or replaced
	FaultAway     FaultCode = "store-away"     // no answer
	FaultOld      FaultCode = "store-old"      // a version that is not enough
	FaultReplica  FaultCode = "store-replica"  // takes no writes
	FaultLoading  FaultCode = "store-loading"  // not ready yet
	FaultNoLog    FaultCode = "store-no-log"   // appendonly is off
	FaultLog      FaultCode = "store-log"      // the last write of the log failed
	FaultRewrite  FaultCode = "store-rewrite"  // the last rewrite of the log failed
	FaultSnapshot FaultCode = "store-snapshot" // the last snapshot failed
	FaultEvicts   FaultCode = "store-evicts"   // throws keys away when memory is full
)

// Check tells what is wrong with the server or the key file; nothing where all is well.
// Of a cluster it asks every primary.
func (s *Store) Check(ctx context.Context) []Fault {
	var faults []Fault
	if err := s.seal.Fresh(); err != nil {
		faults = append(faults, Fault{FaultKeys, "key file: " + err.Error()})
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
			faults = append(faults, Fault{fault.Code, node.Options().Addr + ": " + fault.What})
		}
		return nil
	})
	if err != nil {
		faults = append(faults, away(err))
	}
	return faults
}

func away(err error) Fault { return Fault{FaultAway, "Redis does not answer: " + err.Error()} }

// nodeFaults asks one server.
func nodeFaults(ctx context.Context, node redis.Cmdable) []Fault {
	all := map[string]string{}
	// Several sections in one call are Redis 7's; an older one has to be told from one
	// that does not answer.
	for _, section := range []string{"server", "replication", "memory", "persistence"} {
		info, err := infoOf(ctx, node, section)
		if err != nil && strings.Contains(err.Error(), "not supported") { // miniredis
			continue
		}
		if err != nil {
			return []Fault{away(err)}
		}
		maps.Copy(all, info)
	}
	return serverFaults(all)
}

// serverFaults judges the fields of INFO. Absent ones prove nothing.
func serverFaults(info map[string]string) []Fault {
	var faults []Fault
	is := func(field, value string) bool { return info[field] == value }
	tell := func(code FaultCode, fault string, args ...any) {
		faults = append(faults, Fault{code, fmt.Sprintf(fault, args...)})
	}

	if major, _, _ := strings.Cut(info["redis_version"], "."); major != "" {
		if n, err := strconv.Atoi(major); err == nil && n < 7 {
			tell(FaultOld, "Redis is version %s: install 7 or later, or Valkey", info["redis_version"])
		}
	}
	if is("role", "slave") {
		tell(FaultReplica, "this Redis is a replica and takes no writes: give the primary's address, or its Sentinels")
	}
	if is("loading", "1") {
		tell(FaultLoading, "Redis is still reading its data from the disk: wait")
	}
	if is("aof_enabled", "0") {
		tell(FaultNoLog, "Redis keeps no log of its writes, so a crash loses cases: set `appendonly yes`, `appendfsync always`")
	}
	if is("aof_enabled", "1") && info["aof_last_write_status"] != "ok" {
		tell(FaultLog, "Redis cannot write its log: make room on its disk; nothing is accepted until then")
	}
	if is("aof_last_bgrewrite_status", "err") {
		tell(FaultRewrite, "Redis could not rewrite its log, so what was forgotten is still in it: make room on its disk")
	}
	if is("rdb_last_bgsave_status", "err") {
		tell(FaultSnapshot, "Redis could not write its snapshot: make room on its disk, or set `save \"\"`")
	}
	if policy := info["maxmemory_policy"]; policy != "" && policy != "noeviction" && !is("maxmemory", "0") {
		tell(FaultEvicts, "Redis throws cases away when its memory is full (maxmemory-policy %s): set `noeviction`", policy)
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
